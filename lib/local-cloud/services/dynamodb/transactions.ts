import { createHash } from 'node:crypto';
import * as z from 'zod';
import { isObject, type JsonObject } from '#core/json.ts';
import { AwsError, invalid } from '../aws-error.ts';
import { bufferedStore } from './buffered-store.ts';
import { checkInput, run, runChecked, type Store } from './engine.ts';
import { keyOf, withCurrentItem } from './writes.ts';

const MAX_ITEMS = 100;
const MAX_BYTES = 4 * 1024 * 1024;
/** DynamoDB remembers a client token for ten minutes. */
const TOKEN_MS = 10 * 60_000;

const input = z.custom<JsonObject>(isObject);
const Kind = z.enum(['Put', 'Update', 'Delete', 'ConditionCheck']);

export const TransactWrite = z.object({
  TransactItems: z.array(z.partialRecord(Kind, input)).min(1).max(MAX_ITEMS),
  ClientRequestToken: z.string().min(1).max(36).optional(),
});

export const TransactGet = z.object({
  TransactItems: z
    .array(z.object({ Get: input }))
    .min(1)
    .max(MAX_ITEMS),
});

interface Step {
  readonly action: string;
  readonly input: JsonObject;
  /** A condition that writes nothing. */
  readonly checkOnly: boolean;
}

interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: unknown;
}

/** Remembers client tokens, so that a retried transaction happens once. */
export class RequestTokens {
  readonly #seen = new Map<string, { hash: string; at: number }>();

  /** True when the same transaction was done under this token already. */
  isRepeat(token: string, hash: string): boolean {
    const known = this.#seen.get(token);
    if (!known || Date.now() - known.at > TOKEN_MS) return false;
    if (known.hash === hash) return true;
    throw new AwsError(
      'IdempotentParameterMismatchException',
      'the client request token was used with other items; use a new token per transaction',
    );
  }

  remember(token: string, hash: string): void {
    this.#seen.set(token, { hash, at: Date.now() });
    for (const [old, { at }] of this.#seen) {
      if (Date.now() - at <= TOKEN_MS) break;
      this.#seen.delete(old);
    }
  }
}

/** All items or none, in one atomic batch. The caller holds the write lock. */
export async function transactWrite(
  store: Store,
  request: z.output<typeof TransactWrite>,
  tokens: RequestTokens,
): Promise<Record<string, never>> {
  const body = JSON.stringify(request.TransactItems);
  const hash = createHash('sha256').update(body).digest('hex');
  const token = request.ClientRequestToken;
  if (token !== undefined && tokens.isRepeat(token, hash)) return {};
  if (Buffer.byteLength(body) > MAX_BYTES) throw invalid('a transaction ends at 4 MB');
  await commitAll(store, request.TransactItems.map(stepOf));
  if (token !== undefined) tokens.remember(token, hash);
  return {};
}

async function commitAll(store: Store, steps: readonly Step[]): Promise<void> {
  const checked = steps.map((step) => checkInput(store, step.action, step.input));
  await refuseTwice(store, steps);
  const buffer = bufferedStore(store);
  const reasons: Reason[] = [];
  for (const [index, step] of steps.entries()) {
    const target = step.checkOnly ? bufferedStore(store).store : buffer.store;
    reasons.push(await attempt(store, target, step, checked[index]));
  }
  if (reasons.some((reason) => reason.Code !== 'None')) throw cancelled(reasons);
  await buffer.commit();
}

function stepOf(item: Partial<Record<z.output<typeof Kind>, JsonObject>>): Step {
  const [kind, ...others] = Object.keys(item) as z.output<typeof Kind>[];
  const members = kind && item[kind];
  if (!kind || !members || others.length > 0)
    throw invalid('each transaction item has exactly one operation');
  if (kind === 'Update' && members['UpdateExpression'] === undefined)
    throw invalid('Update needs UpdateExpression');
  if (kind !== 'ConditionCheck') return { action: `${kind}Item`, input: members, checkOnly: false };
  if (members['ConditionExpression'] === undefined) throw invalid('ConditionCheck needs ConditionExpression');
  return { action: 'DeleteItem', input: members, checkOnly: true };
}

async function refuseTwice(store: Store, steps: readonly Step[]): Promise<void> {
  const seen = new Set<string>();
  for (const { input: members } of steps) {
    const table = String(members['TableName']);
    const key = members['Key'] ?? (await keyOf(store, table, members['Item']));
    const name = JSON.stringify([table, isObject(key) ? Object.entries(key).sort(byName) : key]);
    if (seen.has(name)) {
      throw invalid('Transaction request cannot include multiple operations on one item');
    }
    seen.add(name);
  }
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}

async function attempt(store: Store, target: Store, step: Step, checked: unknown): Promise<Reason> {
  try {
    await runChecked(target, step.action, checked);
    return { Code: 'None' };
  } catch (error) {
    const shown = await withCurrentItem(store, step.input, error);
    if (!(shown instanceof AwsError)) throw shown;
    if (shown.code === 'ResourceNotFoundException') throw shown;
    const Code = REASONS[shown.code] ?? 'ValidationError';
    return { Code, Message: shown.message, ...shown.members };
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ConditionalCheckFailedException: 'ConditionalCheckFailed',
  ItemCollectionSizeLimitExceededException: 'ItemCollectionSizeLimitExceeded',
};

function cancelled(reasons: readonly Reason[]): AwsError {
  const codes = reasons.map((reason) => reason.Code).join(', ');
  const text = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return new AwsError('TransactionCanceledException', text, {
    members: { Message: text, CancellationReasons: reasons },
  });
}

/** Reads all items as of one moment. The caller holds the write lock. */
export async function transactGet(
  store: Store,
  request: z.output<typeof TransactGet>,
): Promise<{ Responses: { Item?: unknown }[] }> {
  const answers = await Promise.all(
    request.TransactItems.map(({ Get }) => run(store, 'GetItem', { ...Get, ConsistentRead: true })),
  );
  return { Responses: answers.map(({ Item }) => (Item === undefined ? {} : { Item })) };
}
