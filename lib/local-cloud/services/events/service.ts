import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { isObject, type Json } from '#core/json.ts';
import type { BusEvent } from '../../contract.ts';
import { operation, type Service } from '../operation.ts';

/** An ARN is taken for the name at its end. */
const Entry = z.object({
  EventBusName: z
    .string()
    .regex(/^(arn:[^:]+:events:[^:]*:[^:]*:event-bus\/)?[/.\-_A-Za-z0-9]{1,256}$/)
    .default('default'),
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  /** Seconds since the epoch, as the SDK sends times. */
  Time: z.number().optional(),
});
type Entry = z.output<typeof Entry>;

const PutEvents = z.object({ Entries: z.array(Entry).min(1).max(10) });

type Answer = { readonly EventId: string } | { readonly ErrorCode: string; readonly ErrorMessage: string };

/**
 * EventBridge, as far as `PutEvents` goes: an entry that the service would refuse is refused alone, beside the others, with 200.
 * Whoever listens hears the rest; no rule is evaluated and any bus name is taken.
 */
export function eventsService(listen: (event: BusEvent) => void = () => {}): Service {
  return {
    target: 'AWSEvents',
    operations: {
      PutEvents: operation(PutEvents, ({ Entries }) => {
        const answers = Entries.map((entry) => take(entry, listen));
        const failed = answers.filter((answer) => 'ErrorCode' in answer).length;
        return { FailedEntryCount: failed, Entries: answers };
      }),
    },
    async close() {},
  };
}

function take(entry: Entry, listen: (event: BusEvent) => void): Answer {
  const { EventBusName, Source, DetailType, Detail, Time } = entry;
  for (const [name, value] of Object.entries({ Source, DetailType, Detail })) {
    if (value) continue;
    const reason = `${name} is a required argument.`;
    return refused('InvalidArgument', `Parameter ${name} is not valid. Reason: ${reason}`);
  }
  const detail = readDetail(Detail ?? '');
  if (!detail) return refused('MalformedDetail', 'Detail is malformed.');
  const id = randomUUID();
  listen({
    id,
    bus: EventBusName.split('/').at(-1) ?? EventBusName,
    source: Source ?? '',
    'detail-type': DetailType ?? '',
    time: new Date(Time === undefined ? Date.now() : Time * 1000).toISOString(),
    detail,
  });
  return { EventId: id };
}

function refused(ErrorCode: string, ErrorMessage: string): Answer {
  return { ErrorCode, ErrorMessage };
}

/** Detail must be the text of a JSON object. */
function readDetail(text: string): Record<string, Json> | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
