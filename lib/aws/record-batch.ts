import type { LedgerEvent } from '#core/ledger/event.ts';
import type { Ledger } from '#core/ports.ts';
import type { BudgetWarnings } from './budget-warnings.ts';
import { isRefusedForGood } from './dynamo-failure.ts';
import type { IntentStore } from './dynamo-intent-log.ts';
import { readMessage } from './queue-message.ts';

export interface RecordPorts {
  /** Whose budgets and keys these are; gateways of other environments only report. */
  readonly environment: string;
  readonly ledger: Ledger;
  readonly intents: IntentStore;
  /** After a call is settled. */
  readonly warnings?: BudgetWarnings;
  readonly keyUse?: (event: LedgerEvent) => Promise<void>;
}

/**
 * Takes a batch of the event queue: its events together where that goes, then one message after the other, since they meet on the
 * same usage rows. One outcome per message, whatever the others do: it is stored, or put away because it never can be; it is
 * rejected when the same message may work later.
 */
export async function recordBatch(
  ports: RecordPorts,
  bodies: readonly string[],
): Promise<PromiseSettledResult<void>[]> {
  const messages = bodies.map(read);
  const stored = await ports.ledger.appendTogether(messages.flatMap(eventIn));
  const append: Ledger['append'] = async (event) =>
    stored.has(event.event_id) ? 'stored' : ports.ledger.append(event);
  const rest = { ...ports, ledger: { ...ports.ledger, append } };
  const outcomes: PromiseSettledResult<void>[] = [];
  for (const message of messages) outcomes.push(...(await Promise.allSettled([record(rest, message)])));
  return outcomes;
}

/** A text from the queue, and what it says; `later`: only a newer recorder can read it. */
interface Received {
  readonly body: string;
  readonly says: ReturnType<typeof readMessage> | { readonly later: unknown };
}

function read(body: string): Received {
  try {
    return { body, says: readMessage(body) };
  } catch (later) {
    return { body, says: { later } };
  }
}

function eventIn({ says }: Received): LedgerEvent[] {
  return 'event' in says ? [says.event] : [];
}

async function record(
  { environment, ledger, intents, warnings, keyUse }: RecordPorts,
  { body, says }: Received,
): Promise<void> {
  if ('later' in says) throw says.later;
  if ('poison' in says) return ledger.quarantine(body, says.poison);
  try {
    if ('intent' in says) return await intents.put(says.intent);
    await ledger.append(says.event);
    if (says.event.environment !== environment) return;
    await warnings?.(says.event);
    await keyUse?.(says.event);
  } catch (error) {
    if (!isRefusedForGood(error)) throw error;
    await ledger.quarantine(body, 'refused by the table: a key is empty or too long');
  }
}
