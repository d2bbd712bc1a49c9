import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { KEPT_TABLE } from './kept-table.ts';
import { permit } from './permissions.ts';

const STRING = AttributeType.STRING;
const INDEXES = { byRequest: 'request_id', bySubject: 'subject', byVerdict: 'verdict_day' } as const;

/** The evidence: records can be added and read, and by nobody of ours changed or deleted. */
export class LedgerTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      ...KEPT_TABLE,
      globalSecondaryIndexes: Object.entries(INDEXES).map(([indexName, key]) => ({
        indexName,
        partitionKey: { name: key, type: STRING },
        sortKey: { name: 'sk', type: STRING },
      })),
    });
  }

  /** Lets a function add a record, and nothing else. */
  grantAppend(grantee: IGrantable): void {
    permit(grantee, ['dynamodb:PutItem'], [this.table.tableArn]);
  }

  grantRead(grantee: IGrantable): void {
    permit(grantee, ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], [this.table.tableArn]);
    const indexes = Object.keys(INDEXES).map((name) => `${this.table.tableArn}/index/${name}`);
    permit(grantee, ['dynamodb:Query'], indexes);
  }
}
