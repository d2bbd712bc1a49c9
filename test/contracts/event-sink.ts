import { beforeEach, describe, expect, test } from '@jest/globals';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { EventSink } from '#core/ports.ts';
import { sampleEvent } from './sample-records.ts';

export interface EventSinkBench {
  readonly sink: EventSink;
  /** What has become of the events of a request, once everything on the way has arrived. */
  stored(requestId: string): Promise<LedgerEvent[]>;
}

/** What every EventSink promises. `make` gives an empty one. */
export function eventSinkContract(name: string, make: () => Promise<EventSinkBench>): void {
  describe(`event sink: ${name}`, () => {
    let bench: EventSinkBench;
    beforeEach(async () => {
      bench = await make();
    });

    test('a sent event is stored exactly as it was sealed', async () => {
      const event = sampleEvent({
        verdict: 'flagged',
        subject: 'ab'.repeat(32),
        detail: 'ümläut 🙂 "quoted"',
      });

      await bench.sink.send(event);

      expect(await bench.stored(event.request_id)).toEqual([event]);
    });

    test('a sent event is not in the log only', async () => {
      const { tier } = await bench.sink.send(sampleEvent());

      expect(['queue', 'table', 'journal']).toContain(tier);
    });

    test('events that are sent at the same time are all stored', async () => {
      const events = Array.from({ length: 25 }, () => sampleEvent());

      await Promise.all(events.map((event) => bench.sink.send(event)));

      for (const event of events) expect(await bench.stored(event.request_id)).toEqual([event]);
    });

    test('a very long event is stored under its own hash', async () => {
      const event = sampleEvent({
        unscanned_parts: Array.from(
          { length: 20_000 },
          (_, i) => `messages[${i}] image_url ${'x'.repeat(40)}`,
        ),
      });

      await bench.sink.send(event);

      const [found] = await bench.stored(event.request_id);
      expect(found?.event_id).toBe(event.event_id);
      expect(found?.hash).toBe(event.hash);
    });
  });
}
