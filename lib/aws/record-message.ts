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
 * Takes one message of the event queue. Resolves when it is stored, or put away because it never can be; throws when the same
 * message may work later.
 */
export async function recordMessage(
  { environment, ledger, intents, warnings, keyUse }: RecordPorts,
  body: string,
): Promise<void> {
  const message = readMessage(body);
  if ('poison' in message) return ledger.quarantine(body, message.poison);
  try {
    if ('intent' in message) return await intents.put(message.intent);
    await ledger.append(message.event);
    if (message.event.environment !== environment) return;
    await warnings?.(message.event);
    await keyUse?.(message.event);
  } catch (error) {
    if (!isRefusedForGood(error)) throw error;
    await ledger.quarantine(body, 'refused by the table: a key is empty or too long');
  }
}

/**
 * Takes a batch: its events together where that goes, then one message after the other, since they meet on the same usage rows. One
 * outcome per message, whatever the others do.
 */
export async function recordBatch(
  ports: RecordPorts,
  bodies: readonly string[],
): Promise<PromiseSettledResult<void>[]> {
  const stored = await ports.ledger.appendTogether(bodies.flatMap(eventIn));
  const append: Ledger['append'] = async (event) =>
    stored.has(event.event_id) ? 'stored' : ports.ledger.append(event);
  const rest = { ...ports, ledger: { ...ports.ledger, append } };
  const outcomes: PromiseSettledResult<void>[] = [];
  for (const body of bodies) outcomes.push(...(await Promise.allSettled([recordMessage(rest, body)])));
  return outcomes;
}

function eventIn(body: string): LedgerEvent[] {
  try {
    const message = readMessage(body);
    return 'event' in message ? [message.event] : [];
  } catch {
    // Of a later schema: said when its turn comes.
    return [];
  }
}
