import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { KEPT_TABLE } from './kept-table.ts';
import { permit } from './permissions.ts';

const READ_KEY = ['kms:Decrypt', 'kms:DescribeKey'];
const WRITE_KEY = [...READ_KEY, 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

/** What people said: held answers and kept text, under a key of its own, away from the evidence. */
export class ContentTable extends Construct {
  readonly table: TableV2;
  readonly key: Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Keeptrusts: encrypts kept text and held answers',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.table = new TableV2(this, 'Table', {
      ...KEPT_TABLE,
      encryption: TableEncryptionV2.customerManagedKey(this.key),
    });
  }

  grantRead(grantee: IGrantable): void {
    this.permitItems(grantee, ['dynamodb:GetItem'], READ_KEY);
  }

  grantWrite(grantee: IGrantable): void {
    this.permitItems(grantee, ['dynamodb:PutItem'], WRITE_KEY);
  }

  private permitItems(grantee: IGrantable, actions: readonly string[], keyActions: readonly string[]): void {
    permit(grantee, actions, [this.table.tableArn]);
    const viaTable = {
      StringEquals: { 'kms:ViaService': `dynamodb.${Stack.of(this).region}.amazonaws.com` },
    };
    permit(grantee, keyActions, [this.key.keyArn], viaTable);
  }
}
