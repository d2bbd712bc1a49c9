import * as z from 'zod';
import { Hold } from '#core/budget/hold.ts';
import { EVENT_SCHEMA, LedgerEvent } from '#core/ledger/event.ts';
import type { Intent } from '#core/ports.ts';

/** An intent as it is stored and sent. */
export const StoredIntent = z.object({
  requestId: z.string(),
  appId: z.string(),
  keyId: z.string(),
  emitter: z.string(),
  seq: z.int().nonnegative(),
  at: z.string(),
  deadline: z.string(),
  model: z.string(),
  provider: z.string(),
  environment: z.string(),
  worstCaseMicros: z.int().nonnegative().nullable(),
  hold: Hold.exactOptional(),
});

/** The time is part of the key, so here it must be one. */
const EventMessage = z.strictObject({ event: LedgerEvent.extend({ at: z.iso.datetime() }) });
const IntentMessage = z.strictObject({ intent: StoredIntent.extend({ deadline: z.iso.datetime() }) });
const Versioned = z.looseObject({ event: z.looseObject({ schema: z.int().gt(EVENT_SCHEMA) }) });

/** What travels through the event queue: a final event or, while the State table is out of reach, an intent. */
export type QueueMessage = { readonly event: LedgerEvent } | { readonly intent: Intent };

/** The sender is newer than this reader: the message must wait for a newer reader, not be put away. */
class NewerMessage extends Error {
  override readonly name = 'NewerMessage';
}

export function writeMessage(message: QueueMessage): string {
  return JSON.stringify(message);
}

/** The message, or the reason why the text is none. Throws NewerMessage for an event of a later schema. */
export function readMessage(body: string): QueueMessage | { readonly poison: string } {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { poison: 'not JSON' };
  }
  if (Versioned.safeParse(value).success)
    throw new NewerMessage('the event has a later schema than this recorder');
  const parsed = z.union([EventMessage, IntentMessage]).safeParse(value);
  return parsed.success ? parsed.data : { poison: reason(value, parsed.error) };
}

/** Where it is wrong, without what stands there. */
function reason(value: unknown, error: z.ZodError): string {
  const kind =
    typeof value === 'object' && value !== null && 'intent' in value ? IntentMessage : EventMessage;
  const issues = kind.safeParse(value).error?.issues ?? error.issues;
  const places = issues.slice(0, 5).map((issue) => `${issue.path.join('.') || 'message'}: ${issue.code}`);
  return places.join('; ');
}
