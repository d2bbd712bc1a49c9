import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';

/** One partition of the Ledger or of its index `byVerdict`. */
export interface Partition {
  readonly table: string;
  readonly index?: 'byVerdict';
  readonly key: string;
}

/** A stored event: its sort key (the event id) and its JSON. */
export interface Row {
  readonly id: string;
  readonly json: string;
}

/** Rows that are read at once. */
export const MAX_PAGE = 200;

/** A partition read from its newest row on. */
export interface PartitionReader {
  /** The next row, which stays; undefined at the end. */
  peek(): Promise<Row | undefined>;
  skip(): void;
}

/**
 * Reads rows with an id below `before`, newest first, a page at a time; each page is twice as long as the one before it, at most 200 rows.
 * `now` (epoch seconds) hides rows that have expired.
 */
export function readPartition(
  client: DynamoDBDocumentClient,
  partition: Partition,
  options: { readonly before: string | undefined; readonly pageSize: number; readonly now: number },
): PartitionReader {
  let rows: Row[] = [];
  let position = 0;
  let from: Record<string, unknown> | undefined;
  let ended = false;
  let { pageSize } = options;

  async function nextPage(): Promise<void> {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({ ...queryOf(partition, options), Limit: pageSize, ExclusiveStartKey: from }),
    );
    rows = Items.map((item) => ({ id: String(item['sk']), json: String(item['event']) }));
    position = 0;
    from = LastEvaluatedKey;
    ended = LastEvaluatedKey === undefined;
    pageSize = Math.min(pageSize * 2, MAX_PAGE);
  }

  return {
    async peek() {
      while (position >= rows.length && !ended) await nextPage();
      return rows[position];
    },
    skip() {
      position += 1;
    },
  };
}

function queryOf(
  { table, index, key }: Partition,
  { before, now }: { before: string | undefined; now: number },
) {
  const name = index === undefined ? 'pk' : 'verdict_day';
  return {
    TableName: table,
    ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
    KeyConditionExpression: before === undefined ? '#key = :key' : '#key = :key AND sk < :before',
    FilterExpression: 'attribute_not_exists(#expires) OR #expires > :now',
    ProjectionExpression: 'sk, #event',
    ExpressionAttributeNames: { '#key': name, '#expires': 'expires', '#event': 'event' },
    ExpressionAttributeValues: {
      ':key': key,
      ':now': now,
      ...(before === undefined ? {} : { ':before': before }),
    },
    ScanIndexForward: false,
  };
}
