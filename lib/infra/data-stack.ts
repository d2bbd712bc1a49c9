import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Environment } from '#env/environment.ts';
import { ContentTable } from './content-table.ts';
import { tagComponent } from './house-tags.ts';
import { fillCommand, KeyVault } from './key-vault.ts';
import { LedgerTable } from './ledger-table.ts';
import { SignInPool } from './sign-in-pool.ts';
import { StateTable } from './state-table.ts';

export interface DataStackProps extends StackProps {
  readonly console: Environment['console'];
  readonly environment: string;
  readonly secretNames: readonly string[];
}

/** Everything that must outlive a deployment: evidence, state, content and keys. */
export class DataStack extends Stack {
  readonly ledger: LedgerTable;
  readonly state: StateTable;
  readonly content: ContentTable;
  readonly keys: KeyVault;
  /** The people of the console, where Cognito signs them in. */
  readonly signIn: SignInPool | undefined;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props);
    this.ledger = new LedgerTable(this, 'Ledger');
    this.state = new StateTable(this, 'State');
    this.content = new ContentTable(this, 'Content');
    this.keys = new KeyVault(this, 'Keys', { environment: props.environment, names: props.secretNames });

    const { console } = props;
    this.signIn = console.identity === 'cognito' ? new SignInPool(this, 'SignIn', console) : undefined;

    tagComponent(this.ledger, 'ledger');
    tagComponent(this.state, 'state');
    tagComponent(this.content, 'content');
    tagComponent(this.keys, 'keys');
    if (this.signIn) tagComponent(this.signIn, 'console');
    this.addOutputs(props);
  }

  private addOutputs({ environment, secretNames }: DataStackProps): void {
    new CfnOutput(this, 'LedgerTable', { value: this.ledger.table.tableName });
    new CfnOutput(this, 'StateTable', { value: this.state.table.tableName });
    new CfnOutput(this, 'ContentTable', { value: this.content.table.tableName });
    for (const name of secretNames) {
      const description = `Fills the secret ${name}: run it, type the key, end with Ctrl-D`;
      const value = fillCommand(this.region, `kt/${environment}/${name}`);
      new CfnOutput(this, `Fill${name.replace(/[^A-Za-z0-9]/g, '')}`, { value, description });
    }
  }
}
