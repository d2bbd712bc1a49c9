import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { operation, type Service } from './operation.ts';

const PutEvents = z.object({
  Entries: z
    .array(z.object({ Source: z.string(), DetailType: z.string(), Detail: z.string() }))
    .min(1)
    .max(10),
});

/** EventBridge as a sink: events are accepted and go nowhere, since the laptop has no subscribers. */
export function eventsSink(): Service {
  return {
    target: 'AWSEvents',
    operations: {
      PutEvents: operation(PutEvents, ({ Entries }) => ({
        FailedEntryCount: 0,
        Entries: Entries.map(() => ({ EventId: randomUUID() })),
      })),
    },
    async close() {},
  };
}
