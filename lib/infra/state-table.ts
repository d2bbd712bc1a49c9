import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { KEPT_TABLE } from './kept-table.ts';
import { exceptKeys, onKeys, permit } from './permissions.ts';

const STRING = AttributeType.STRING;

/** Beginnings of partition keys, by what stands there. Tokens are in no list: no function can make one. */
const INTENTS = ['INT#'];
const REVIEWS = ['REV#', 'REVQ#'];
/** Callback tokens: whoever has one may end a review in Step Functions. */
const REVIEW_TOKENS = ['REVT#'];
const USAGE = ['USE#'];
const BUDGETS = ['BUD#'];
const LIMITS = ['LIM#'];
const APPS = ['APP#'];
const KEYS = ['KEY#'];
/** With which app a Dify app was stored. */
const DIFY_APPS = ['DIFY#'];
const KEY_USES = ['KEYUSE#'];
/** What an operator did, waiting for the ledger. */
const ACTS = ['ACT#'];

/** What changes: apps, keys, open intents, usage, budgets, reviews. */
export class StateTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      ...KEPT_TABLE,
      globalSecondaryIndexes: [
        {
          indexName: 'byDue',
          partitionKey: { name: 'due_key', type: STRING },
          sortKey: { name: 'due_at', type: STRING },
        },
        {
          indexName: 'byId',
          partitionKey: { name: 'lookup', type: STRING },
          sortKey: { name: 'sk', type: STRING },
        },
      ],
    });
  }

  /** Single items and one app's items; no callback token. */
  grantRead(grantee: IGrantable): void {
    const actions = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
    permit(grantee, actions, [this.table.tableArn], exceptKeys(...REVIEW_TOKENS));
  }

  /** Callback tokens of reviews, one by one. */
  grantReadTokens(grantee: IGrantable): void {
    this.permitOn(grantee, ['dynamodb:GetItem'], REVIEW_TOKENS);
  }

  /** Keeps the callback token of a review. */
  grantKeepTokens(grantee: IGrantable): void {
    this.permitOn(grantee, ['dynamodb:PutItem'], REVIEW_TOKENS);
  }

  /** Lists: what is due, what has an id. */
  grantList(grantee: IGrantable): void {
    permit(
      grantee,
      ['dynamodb:Query'],
      ['byDue', 'byId'].map((name) => `${this.table.tableArn}/index/${name}`),
    );
  }

  /** The gateway's writes: open an intent, set aside of a budget, count against a limit, hold an answer. */
  grantOpen(grantee: IGrantable): void {
    this.permitOn(grantee, ['dynamodb:UpdateItem'], [...BUDGETS, ...LIMITS]);
    this.permitOn(grantee, ['dynamodb:PutItem', 'dynamodb:ConditionCheckItem'], [...INTENTS, ...REVIEWS]);
  }

  /** The recorder's writes: close an intent, add to the usage of the day, settle budgets. */
  grantSettle(grantee: IGrantable): void {
    this.permitOn(
      grantee,
      ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
      [...INTENTS, ...USAGE, ...BUDGETS, ...KEY_USES],
    );
    this.permitOn(grantee, ['dynamodb:GetItem'], BUDGETS);
  }

  /** The sweeper's writes: leave a call alone for a while, put an act off the list. */
  grantPostpone(grantee: IGrantable): void {
    this.permitOn(grantee, ['dynamodb:UpdateItem'], [...INTENTS, ...ACTS]);
  }

  /** The sweeper's write on a review that nobody closed in time. */
  grantExpire(grantee: IGrantable): void {
    this.permitOn(grantee, ['dynamodb:UpdateItem'], ['REV#']);
  }

  /** Moves a review case along. */
  grantReview(grantee: IGrantable): void {
    const actions = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem'];
    this.permitOn(grantee, actions, REVIEWS);
  }

  /** The console's writes, for an admin: add and change apps, make and end app keys. Never a token. */
  grantAdminister(grantee: IGrantable): void {
    this.permitOn(grantee, ['dynamodb:PutItem'], [...APPS, ...KEYS, ...DIFY_APPS]);
    this.permitOn(grantee, ['dynamodb:UpdateItem'], KEYS);
  }

  /** The console's note of when a token was used. */
  grantNoteUse(grantee: IGrantable): void {
    this.permitOn(grantee, ['dynamodb:UpdateItem'], KEY_USES);
  }

  private permitOn(grantee: IGrantable, actions: readonly string[], prefixes: readonly string[]): void {
    permit(grantee, actions, [this.table.tableArn], onKeys(...prefixes));
  }
}
