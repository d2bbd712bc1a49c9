import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { type CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledgeManualRotation } from './acknowledgements.ts';
import { permit } from './permissions.ts';

export interface KeyVaultProps {
  /** Begins every name: `kt/dev/OPENAI_API_KEY`. */
  readonly environment: string;
  /** The names the pack uses. */
  readonly names: readonly string[];
}

/** Provider keys, created empty and filled by the operator, and the tenant key that pseudonyms are made with. */
export class KeyVault extends Construct {
  readonly provider: ReadonlyMap<string, Secret>;
  readonly tenant: Secret;
  /** Signs the console's cursors, so that nobody can make one. */
  readonly cursors: Secret;

  constructor(scope: Construct, id: string, { environment, names }: KeyVaultProps) {
    super(scope, id);
    this.provider = new Map(names.map((name) => [name, this.emptySecret(name, `kt/${environment}/${name}`)]));
    this.tenant = new Secret(this, 'TenantKey', {
      description:
        'Keeptrusts: makes pseudonyms and fingerprints; never change it, they would no longer match',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledgeManualRotation(
      this.tenant,
      'Pseudonyms and fingerprints must stay comparable for as long as records live',
    );
    this.cursors = new Secret(this, 'CursorKey', {
      description:
        'Keeptrusts: signs positions in lists of the console; a new value only ends lists under way',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    });
    acknowledgeManualRotation(this.cursors, 'It protects positions in lists for minutes, and no data');
  }

  /** Secret name → ARN, as JSON for a function's environment. */
  arns(scope: Construct): string {
    const pairs = [...this.provider].map(([name, secret]) => [name, secret.secretArn]);
    return Stack.of(scope).toJsonString(Object.fromEntries(pairs));
  }

  /** Lets a function read every provider key and the tenant key. */
  grantRead(grantee: IGrantable): void {
    const secrets = [...this.provider.values(), this.tenant];
    permit(
      grantee,
      ['secretsmanager:GetSecretValue'],
      secrets.map((secret) => secret.secretArn),
    );
  }

  grantReadCursors(grantee: IGrantable): void {
    permit(grantee, ['secretsmanager:GetSecretValue'], [this.cursors.secretArn]);
  }

  /** CloudFormation makes an empty secret when nothing is generated: a made-up value would look like a key. */
  private emptySecret(name: string, secretName: string): Secret {
    const description = `Keeptrusts: the provider key that the pack calls ${name}`;
    const secret = new Secret(this, `Provider-${name}`, { secretName, description });
    const resource = secret.node.defaultChild as CfnSecret;
    resource.generateSecretString = undefined;
    acknowledgeManualRotation(secret, 'The provider gives out its keys; AWS cannot rotate them');
    return secret;
  }
}

/** The command that fills a provider secret; the key is typed or piped in and stands in no shell history. */
export function fillCommand(region: string, secretName: string): string {
  return `aws secretsmanager put-secret-value --region ${region} --secret-id ${secretName} --secret-string file:///dev/stdin`;
}
