import {
  type AttributeValue,
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';

/** The texts and numbers of a stored item; what stood in the way of a conditional write. */
export type StandingItem = Readonly<Record<string, string | number>>;

/** Why one operation of a transaction was refused; `item` is what stood there, where the operation asked for it. */
export interface Refusal {
  readonly code: string;
  readonly item: StandingItem;
}

/** What stands in the way of a conditional write, or undefined when the write failed for another reason. */
export function blockingItem(error: unknown): StandingItem | undefined {
  return error instanceof ConditionalCheckFailedException ? scalars(error.Item) : undefined;
}

/** One entry per operation of a cancelled transaction (`None` when it was not the cause), or undefined for any other error. */
export function refusals(error: unknown): readonly Refusal[] | undefined {
  if (!(error instanceof TransactionCanceledException)) return undefined;
  return (error.CancellationReasons ?? []).map(({ Code, Item }) => ({
    code: Code ?? 'None',
    item: scalars(Item),
  }));
}

/** Did this operation's own condition refuse it? */
export function wasRefused(refusal: Refusal | undefined): boolean {
  return refusal?.code === 'ConditionalCheckFailed';
}

/** Two transactions met on one item, or the table is short of capacity: the same again may work. */
export function mayWorkAgain(reasons: readonly Refusal[]): boolean {
  return reasons.some(({ code }) => code === 'TransactionConflict' || code.includes('Throttl'));
}

/** The document client leaves items inside errors in DynamoDB's own form. */
function scalars(item: Record<string, AttributeValue> = {}): StandingItem {
  const found: Record<string, string | number> = {};
  for (const [name, { S, N }] of Object.entries(item)) {
    if (S !== undefined) found[name] = S;
    else if (N !== undefined) found[name] = Number(N);
  }
  return found;
}

/** The store will never take this write: it breaks a rule of DynamoDB, such as the length of a key. */
export function isRefusedForGood(error: unknown): boolean {
  if (error instanceof Error && error.name === 'ValidationException') return true;
  return (refusals(error) ?? []).some(({ code }) => code === 'ValidationError');
}

/** An attribute of a standing item that is a text. */
export function textOf(value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
