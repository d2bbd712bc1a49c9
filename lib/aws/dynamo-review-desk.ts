import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Clock, ReviewDesk, UntoldDecision } from '#core/ports.ts';
import type { ReviewApproval, ReviewCase, ReviewClaim, ReviewDecision } from '#core/review/case.ts';
import { documentClient } from './dynamo-client.ts';
import { unpackText } from './held-text.ts';
import {
  caseItems,
  caseKeyOf,
  dueKeyOf,
  expiryOf,
  lastEditOf,
  pointerPartitionOf,
  readCase,
  textItem,
  textKeyOf,
  tokenKeyOf,
  UNTOLD,
  untoldItem,
  untoldKeyOf,
} from './review-items.ts';
import { systemClock } from './system-clock.ts';
import { transact, type Write } from './transact.ts';

export interface ReviewDeskOptions {
  readonly stateTable: string;
  readonly contentTable: string;
  readonly client?: DynamoDBDocumentClient;
  readonly clock?: Clock;
}

type Item = Record<string, unknown>;

const SAFE_ID = /^[\w-]{1,64}$/;

/** Held answers: facts in the State table, texts in the Content table. `list` leaves the answers empty: a text is read case by case. */
export function dynamoReviewDesk(options: ReviewDeskOptions): ReviewDesk {
  const { stateTable, contentTable, client = documentClient(), clock = systemClock } = options;

  /** Items past their time are gone, also while DynamoDB has not removed them yet. */
  function lives(item: Item | undefined): item is Item {
    return item !== undefined && Number(item['expires'] ?? Infinity) * 1000 > clock.now();
  }

  const now = () => new Date(clock.now()).toISOString();

  async function read(table: string, key: Item): Promise<Item | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
    return lives(Item) ? Item : undefined;
  }

  async function get(id: string): Promise<ReviewCase | undefined> {
    if (!SAFE_ID.test(id)) return undefined;
    const [meta, answer] = await Promise.all([
      read(stateTable, caseKeyOf(id)),
      read(contentTable, textKeyOf(id, 'answer')),
    ]);
    if (!meta) return undefined;
    const last = lastEditOf(meta);
    const [edited, proposed] = await Promise.all([
      meta['due_key'] === dueKeyOf('edited') ? read(contentTable, textKeyOf(id, 'decision')) : undefined,
      last >= 0 ? read(contentTable, textKeyOf(id, `edit-${last}`)) : undefined,
    ]);
    return readCase(meta, now(), {
      answer: unpackText(answer),
      proposed: unpackText(proposed),
      edited: unpackText(edited),
    });
  }

  const write = (writes: Write[]) => transact(client, writes);

  function textWrite(
    id: string,
    part: 'decision' | `edit-${number}`,
    act: ReviewApproval | ReviewDecision,
  ): Write[] {
    if (act.text === undefined) return [];
    return [{ Put: { TableName: contentTable, Item: textItem(id, part, act.text, expiryOf(act.at)) } }];
  }

  async function findByRequest(appId: string, requestHash: string): Promise<ReviewCase | undefined> {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: stateTable,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pointerPartitionOf(appId, requestHash) },
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: 1,
      }),
    );
    const id = Items[0]?.['sk'];
    return typeof id === 'string' ? get(id) : undefined;
  }

  async function list(state: ReviewCase['state'], limit: number): Promise<ReviewCase[]> {
    const wanted = Math.min(Math.max(limit, 1), 1000);
    const found: ReviewCase[] = [];
    let from: Item | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: stateTable,
          IndexName: 'byDue',
          KeyConditionExpression: 'due_key = :key',
          ExpressionAttributeValues: { ':key': dueKeyOf(state) },
          Limit: wanted,
          ...(from && { ExclusiveStartKey: from }),
        }),
      );
      const cases = Items.filter(lives).map((item) => readCase(item, now()));
      // Open and claimed cases are in one queue, so a page may hold none of the wanted ones.
      found.push(...cases.filter((held) => held.state === state));
      from = LastEvaluatedKey;
    } while (from && found.length < wanted);
    return found.slice(0, wanted);
  }

  async function dueBefore(key: string, before: string, limit: number): Promise<Item[]> {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: stateTable,
        IndexName: 'byDue',
        KeyConditionExpression: 'due_key = :key AND due_at < :before',
        ExpressionAttributeValues: { ':key': key, ':before': before },
        Limit: limit,
      }),
    );
    return Items.filter(lives);
  }

  async function overdue(before: string, limit: number): Promise<ReviewCase[]> {
    return (await dueBefore(dueKeyOf('open'), before, limit)).map((item) => readCase(item, now()));
  }

  async function untold(before: string, limit: number): Promise<UntoldDecision[]> {
    const items = await dueBefore(UNTOLD, before, limit);
    return items.map((item) => ({
      id: String(item['case_id']),
      isRecorded: item['recorded'] === true,
    }));
  }

  return {
    get,
    findByRequest,
    list,
    overdue,
    untold,
    async told(id, whom) {
      await client.send(new UpdateCommand(toldUpdate(stateTable, id, whom)));
    },
    async open(held) {
      const { state, content } = caseItems(held);
      const once = { ConditionExpression: 'attribute_not_exists(pk)' };
      await write([
        { Put: { TableName: stateTable, Item: state[0], ...once } },
        { Put: { TableName: stateTable, Item: state[1] } },
        { Put: { TableName: contentTable, Item: content } },
      ]);
    },
    async claim(id, claim) {
      if (!SAFE_ID.test(id) || (await write([claimWrite(stateTable, id, claim)]))) return undefined;
      return get(id);
    },
    async unclaim(id, by) {
      if (!SAFE_ID.test(id) || (await write([unclaimWrite(stateTable, id, by)]))) return undefined;
      return get(id);
    },
    async approve(id, approval, seen) {
      if (!SAFE_ID.test(id)) return undefined;
      const { text, ...facts } = approval;
      const writes = [approveWrite(stateTable, id, facts, seen), ...textWrite(id, `edit-${seen}`, approval)];
      if (!(await write(writes))) return get(id);
      const standing = await get(id);
      const there = standing?.approvals?.[seen];
      return there && isSame(there, approval) ? standing : undefined;
    },
    async decide(id, decision, seen) {
      if (!SAFE_ID.test(id)) return undefined;
      const { text, ...facts } = decision;
      const writes = [decideWrite(stateTable, id, facts, seen), ...textWrite(id, 'decision', decision)];
      // The system closes a case at the end of its machine or without one: nobody waits for that decision.
      if (decision.by !== 'system')
        writes.push({ Put: { TableName: stateTable, Item: untoldItem(id, decision.at) } });
      if (!(await write(writes))) return get(id);
      // A try whose answer was lost may have been ours.
      const standing = await get(id);
      return standing?.decision && isSame(standing.decision, decision) ? standing : undefined;
    },
    async keepToken(id, token) {
      const expires = expiryOf(new Date(clock.now()).toISOString());
      await client.send(
        new PutCommand({ TableName: stateTable, Item: { ...tokenKeyOf(id), token, expires } }),
      );
    },
    async tokenOf(id) {
      const token = (await read(stateTable, tokenKeyOf(id)))?.['token'];
      return typeof token === 'string' ? token : undefined;
    },
  };
}

const UNDECIDED = 'attribute_exists(pk) AND attribute_not_exists(#case.decision)';
const FREE = '(attribute_not_exists(#case.claim) OR #case.claim.#by = :by OR #case.claim.#until <= :at)';

function claimWrite(table: string, id: string, claim: ReviewClaim): Write {
  return {
    Update: {
      TableName: table,
      Key: caseKeyOf(id),
      UpdateExpression: 'SET #case.claim = :claim',
      ConditionExpression: `${UNDECIDED} AND ${FREE}`,
      ExpressionAttributeNames: { '#case': 'case', '#by': 'by', '#until': 'until' },
      ExpressionAttributeValues: { ':claim': claim, ':by': claim.by, ':at': claim.at },
    },
  };
}

function unclaimWrite(table: string, id: string, by: string): Write {
  return {
    Update: {
      TableName: table,
      Key: caseKeyOf(id),
      UpdateExpression: 'REMOVE #case.claim',
      ConditionExpression: `${UNDECIDED} AND #case.claim.#by = :by`,
      ExpressionAttributeNames: { '#case': 'case', '#by': 'by' },
      ExpressionAttributeValues: { ':by': by },
    },
  };
}

/** The condition that a case has as many approvals as the person saw, with its value. */
function sawAll(seen: number) {
  if (seen === 0) return { condition: ' AND attribute_not_exists(#case.approvals)', values: {} };
  return { condition: ' AND size(#case.approvals) = :seen', values: { ':seen': seen } };
}

/** Adds the approval and gives the person's claim back, so that the next one can take the case. */
function approveWrite(table: string, id: string, approval: ReviewApproval, seen: number): Write {
  const { condition, values } = sawAll(seen);
  return {
    Update: {
      TableName: table,
      Key: caseKeyOf(id),
      UpdateExpression:
        'SET #case.approvals = list_append(if_not_exists(#case.approvals, :none), :one) REMOVE #case.claim',
      ConditionExpression: `${UNDECIDED} AND ${FREE}${condition}`,
      ExpressionAttributeNames: { '#case': 'case', '#by': 'by', '#until': 'until' },
      ExpressionAttributeValues: {
        ':none': [],
        ':one': [approval],
        ':by': approval.by,
        ':at': approval.at,
        ...values,
      },
    },
  };
}

/** Takes effect on a case that exists, is not decided and is nobody else's by a claim; the system minds no claim. */
function decideWrite(
  table: string,
  id: string,
  decision: Omit<ReviewDecision, 'text'>,
  seen: number | undefined,
): Write {
  const bySystem = decision.by === 'system';
  const { condition, values } = seen === undefined ? { condition: '', values: {} } : sawAll(seen);
  return {
    Update: {
      TableName: table,
      Key: caseKeyOf(id),
      UpdateExpression: 'SET #case.#state = :state, #case.decision = :decision, due_key = :due',
      ConditionExpression: `${UNDECIDED}${bySystem ? '' : ` AND ${FREE}`}${condition}`,
      ExpressionAttributeNames: {
        '#case': 'case',
        '#state': 'state',
        ...(!bySystem && { '#by': 'by', '#until': 'until' }),
      },
      ExpressionAttributeValues: {
        ':state': decision.state,
        ':decision': decision,
        ':due': dueKeyOf(decision.state),
        ...values,
        ...(!bySystem && { ':by': decision.by, ':at': decision.at }),
      },
    },
  };
}

/** Leaves the item to its expiry: what is out of the index is told, and deleting is a right that nobody needs. */
function toldUpdate(table: string, id: string, whom: 'ledger' | 'machine') {
  const isDone = whom === 'machine';
  return {
    TableName: table,
    Key: untoldKeyOf(id),
    UpdateExpression: isDone ? 'REMOVE due_key, due_at' : 'SET recorded = :yes',
    ...(!isDone && { ExpressionAttributeValues: { ':yes': true } }),
  };
}

function isSame<Act extends ReviewApproval | ReviewDecision>(standing: Act, act: Act): boolean {
  return (['state', 'by', 'at', 'reason', 'text'] as const).every((part) => standing[part] === act[part]);
}
