import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { chargesOf, heldText, perAccount } from '#core/budget/hold.ts';
import { keptDelta, negated, perRow, usageDelta } from '#core/cost/usage-delta.ts';
import { endsExchange } from '#core/ledger/ends-exchange.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { Clock, Ledger } from '#core/ports.ts';
import { sha256Hex } from '#core/text/hash.ts';
import { chargeWrites } from './budget-items.ts';
import { dayMarkers } from './day-markers.ts';
import { documentClient } from './dynamo-client.ts';
import { type Refusal, textOf, wasRefused } from './dynamo-failure.ts';
import { callKeyOf, epochSeconds } from './intent-items.ts';
import { eventPut, intentClose, type LedgerTables, usageAdd } from './ledger-writes.ts';
import { systemClock } from './system-clock.ts';
import { MAX_WRITES, transact, type Write } from './transact.ts';

export interface LedgerOptions extends LedgerTables {
  readonly client?: DynamoDBDocumentClient;
  readonly clock?: Clock;
}

/** Characters; in UTF-8 they stay below the 400 KB of an item, since messages are nearly all ASCII. */
const MAX_QUARANTINED = 300_000;

/** How often a call may turn out to hold something else than its event says. */
const MAX_READINGS = 3;

/** How long many events may try to be stored in one transaction, before each tries alone. */
const TOGETHER_MS = 3000;

/**
 * The ledger of the recorder. One transaction stores the event, closes its call, counts its usage and settles what the call held of
 * budgets; each happens once.
 */
export function dynamoLedger(options: LedgerOptions): Ledger {
  const { client = documentClient(), clock = systemClock } = options;
  const markers = dayMarkers(client, options);

  const write = (writes: Write[]) => transact(client, writes);

  async function put(event: LedgerEvent): Promise<'stored' | 'duplicate'> {
    return (await write([eventPut(options, event)])) ? 'duplicate' : 'stored';
  }

  const budgetOf = ({ environment, budget }: LedgerEvent) =>
    environment === options.environment ? budget : undefined;

  /** What the event says that its call holds. */
  function heldBy(event: LedgerEvent): string | undefined {
    const budget = budgetOf(event);
    return budget && heldText(budget);
  }

  const charges = (event: LedgerEvent, held: string | undefined, counted?: number) =>
    chargesOf(budgetOf(event), held, event.cost.micros ?? 0, counted);

  const charge = (event: LedgerEvent, held: string | undefined, counted?: number) =>
    chargeWrites(options.stateTable, charges(event, held, counted));

  /**
   * One transaction instead of one each: calls of one app meet on its usage rows and budgets, and DynamoDB cancels transactions that
   * meet. False, and nothing written, when one call is not as its event says.
   */
  async function settleTogether(events: readonly LedgerEvent[]): Promise<boolean> {
    for (const event of events) await markers.note(event);
    const writes = [
      ...events.flatMap((event) => [
        eventPut(options, event),
        intentClose(options, event, clock.now(), { held: heldBy(event) }),
      ]),
      ...perRow(events.map(usageDelta)).map((delta) => usageAdd(options, delta)),
      ...chargeWrites(
        options.stateTable,
        perAccount(events.flatMap((event) => charges(event, heldBy(event)))),
      ),
    ];
    if (writes.length > MAX_WRITES) return false;
    return (await transact(client, writes, AbortSignal.timeout(TOGETHER_MS))) === undefined;
  }

  /** The event says what its call holds; should the call say otherwise, the call is right. */
  async function settle(event: LedgerEvent): Promise<'stored' | 'duplicate'> {
    const count = usageAdd(options, usageDelta(event));
    let held = heldBy(event);
    let known = false;
    for (let reading = 0; reading < MAX_READINGS; reading += 1) {
      const rest = [intentClose(options, event, clock.now(), { held }), count, ...charge(event, held)];
      const refused = await write(known ? rest : [eventPut(options, event), ...rest]);
      if (!refused) return 'stored';
      const [stored, closed] = known ? [undefined, refused[0]] : refused;
      if (wasRefused(closed)) {
        const standing = closed?.item ?? {};
        if (standing['closed'] !== undefined) {
          return known || wasRefused(stored) ? 'duplicate' : closedBefore(event, standing);
        }
        held = textOf(standing['held']);
      }
      // Stored by a gateway that could not reach the queue, but not yet counted.
      known ||= wasRefused(stored);
    }
    throw new Error(`call ${event.request_id} cannot be settled: it changes all the time`);
  }

  /** Another event closed the call. A call that was given up for lost and then reports back is corrected; nothing is charged twice. */
  async function closedBefore(
    event: LedgerEvent,
    standing: Refusal['item'],
  ): Promise<'stored' | 'duplicate'> {
    if (event.type === 'request.outcome_unknown') return 'duplicate';
    if (standing['closed_type'] !== 'request.outcome_unknown') return put(event);
    const before = keptDelta(String(standing['counted']));
    const counts = perRow([negated(before), usageDelta(event)]).map((delta) => usageAdd(options, delta));
    const close = intentClose(options, event, clock.now(), { instead: String(standing['closed']) });
    const corrected = charge(event, undefined, before.cost_micros);
    const refused = await write([eventPut(options, event), close, ...counts, ...corrected]);
    return refused ? 'duplicate' : 'stored';
  }

  return {
    async append(event) {
      await markers.note(event);
      return endsExchange(event) ? settle(event) : put(event);
    },
    async appendTogether(events) {
      // A transaction takes one operation per item.
      const byCall = new Map(
        events.filter(endsExchange).map((event) => [callKeyOf(options.environment, event).pk, event]),
      );
      const calls = [...byCall.values()];
      if (calls.length < 2) return new Set();
      // Whatever it was, each finds out about itself.
      const isStored = await settleTogether(calls).catch(() => false);
      return new Set(isStored ? calls.map(({ event_id }) => event_id) : []);
    },
    async quarantine(body, reason) {
      const now = clock.now();
      const item = {
        pk: `QUARANTINE#${new Date(now).toISOString().slice(0, 10)}`,
        sk: sha256Hex(body),
        reason,
        length: body.length,
        body: body.slice(0, MAX_QUARANTINED),
        expires: epochSeconds(now, options.retentionDays),
      };
      await client.send(new PutCommand({ TableName: options.ledgerTable, Item: item }));
    },
  };
}
