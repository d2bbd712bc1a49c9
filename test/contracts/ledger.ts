import { beforeEach, describe, expect, test } from '@jest/globals';
import { NO_USAGE, type UsageRow } from '#core/cost/usage.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { Intent, Ledger } from '#core/ports.ts';
import { sampleEvent, sampleIntent } from './sample-records.ts';

export interface LedgerBench {
  readonly ledger: Ledger;
  open(intent: Intent): Promise<void>;
  /** Request ids of the intents no event has closed. */
  openIntents(): Promise<string[]>;
  events(requestId: string): Promise<LedgerEvent[]>;
  /** All rows of all apps of today. */
  usage(): Promise<UsageRow[]>;
  /** Reasons of what was put away. */
  quarantined(): Promise<string[]>;
}

/** What every Ledger promises. `make` gives an empty one. */
export function ledgerContract(name: string, make: () => Promise<LedgerBench>): void {
  describe(`ledger: ${name}`, () => {
    let bench: LedgerBench;
    beforeEach(async () => {
      bench = await make();
    });

    test('an appended event is stored exactly', async () => {
      const event = sampleEvent({
        policies: [],
        detail: 'ümläut 🙂',
        subject: '0'.repeat(64),
        verdict: 'redacted',
      });

      expect(await bench.ledger.append(event)).toBe('stored');

      expect(await bench.events(event.request_id)).toEqual([event]);
    });

    test('an event closes the intent of its call and no other', async () => {
      const [mine, other] = [sampleIntent(), sampleIntent()];
      await bench.open(mine);
      await bench.open(other);

      await bench.ledger.append(sampleEvent({ request_id: mine.requestId }));

      expect(await bench.openIntents()).toEqual([other.requestId]);
    });

    test('an event that is delivered many times at once is stored and counted once', async () => {
      const event = sampleEvent();

      const outcomes = await Promise.all(Array.from({ length: 8 }, () => bench.ledger.append(event)));

      expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
      expect(await bench.events(event.request_id)).toEqual([event]);
      expect((await bench.usage()).map(({ calls }) => calls)).toEqual([1]);
    });

    test('usage is counted per app and model, to the token and micro-dollar', async () => {
      const usage = {
        input: 1,
        cached_input: 2,
        cache_write: 4,
        output: 8,
        reasoning: 16,
        audio: 32,
        audio_input: 64,
        cache_write_1h: 128,
        seconds: 3,
        characters: 5,
        source: 'provider' as const,
      };
      const quantities = (times: number) => ({
        input: 1 * times,
        cached_input: 2 * times,
        cache_write: 4 * times,
        output: 8 * times,
        reasoning: 16 * times,
        audio: 32 * times,
        audio_input: 64 * times,
        cache_write_1h: 128 * times,
        seconds: 3 * times,
        characters: 5 * times,
        judge_input: 0,
        judge_output: 0,
      });
      await bench.ledger.append(sampleEvent({ usage, cost: { micros: 7, price_table: 't' } }));
      await bench.ledger.append(sampleEvent({ usage, cost: { micros: 5, price_table: 't' } }));
      await bench.ledger.append(
        sampleEvent({ model_requested: 'o4', verdict: 'blocked', type: 'request.blocked', usage: NO_USAGE }),
      );
      await bench.ledger.append(
        sampleEvent({ app_id: 'sales', usage, cost: { micros: null, price_table: 't' } }),
      );

      const rows = (await bench.usage()).map(({ day: _day, ...row }) => row);
      rows.sort((a, b) => (a.appId + a.model < b.appId + b.model ? -1 : 1));
      const twice = { input: 398, output: 112 };
      expect(rows).toEqual([
        {
          appId: 'sales',
          model: 'gpt-4o-mini',
          calls: 1,
          blocked: 0,
          input: 199,
          output: 56,
          quantities: quantities(1),
          costMicros: 0,
          unpriced: 1,
        },
        {
          appId: 'support',
          model: 'gpt-4o-mini',
          calls: 2,
          blocked: 0,
          ...twice,
          quantities: quantities(2),
          costMicros: 12,
          unpriced: 0,
        },
        {
          appId: 'support',
          model: 'o4',
          calls: 1,
          blocked: 1,
          input: 0,
          output: 0,
          quantities: quantities(0),
          costMicros: 61,
          unpriced: 0,
        },
      ]);
    });

    test('calls of unknown cost are counted beside those of known cost, in a row of their own', async () => {
      const unknown = { micros: null, price_table: 't' };
      await bench.ledger.append(sampleEvent());
      await bench.ledger.append(sampleEvent({ cost: unknown }));
      await bench.ledger.append(sampleEvent({ cost: unknown }));

      const rows = (await bench.usage()).sort((a, b) => a.unpriced - b.unpriced);
      expect(rows).toMatchObject([
        { calls: 1, unpriced: 0, costMicros: 61, input: 32 },
        { calls: 2, unpriced: 2, costMicros: 0, input: 64 },
      ]);
    });

    test('many different events of one app at once are all counted', async () => {
      const events = Array.from({ length: 20 }, () => sampleEvent());

      await Promise.all(events.map((event) => bench.ledger.append(event)));

      const [row] = await bench.usage();
      expect([row?.calls, row?.costMicros]).toEqual([20, 20 * 61]);
    });

    test.each([
      'review.decided',
      'key.created',
      'policy.bypassed',
      'console.viewed_content',
      'console.exported',
    ] as const)('a %s record is stored without closing or counting a call', async (type) => {
      const intent = sampleIntent();
      await bench.open(intent);
      const record = sampleEvent({ type, request_id: intent.requestId });

      await bench.ledger.append(record);

      expect(await bench.events(intent.requestId)).toEqual([record]);
      expect(await bench.openIntents()).toEqual([intent.requestId]);
      expect(await bench.usage()).toEqual([]);
    });

    test('an intent that arrives after its event does not open the call again', async () => {
      const intent = sampleIntent();
      await bench.ledger.append(sampleEvent({ request_id: intent.requestId }));

      await bench.open(intent).catch(() => undefined);

      expect(await bench.openIntents()).toEqual([]);
    });

    test('a call that has its event cannot be given up for lost', async () => {
      const event = sampleEvent();
      await bench.ledger.append(event);

      const lost = sampleEvent({ request_id: event.request_id, type: 'request.outcome_unknown' });
      expect(await bench.ledger.append(lost)).toBe('duplicate');

      expect(await bench.events(event.request_id)).toEqual([event]);
      expect((await bench.usage())[0]).toMatchObject({ calls: 1, costMicros: 61 });
    });

    test('a lost call that reports back after all is charged what it cost, not the worst case', async () => {
      const intent = sampleIntent();
      await bench.open(intent);
      const lost = sampleEvent({
        request_id: intent.requestId,
        type: 'request.outcome_unknown',
        usage: NO_USAGE,
        cost: { micros: 5000, price_table: 't' },
      });
      const late = sampleEvent({ request_id: intent.requestId });

      await bench.ledger.append(lost);
      const outcomes = [await bench.ledger.append(late), await bench.ledger.append(late)];

      expect(outcomes).toEqual(['stored', 'duplicate']);
      expect((await bench.usage())[0]).toMatchObject({ calls: 1, costMicros: 61, input: 32, output: 90 });
    });

    test('a lost call of unknown cost that reports back leaves no row of it', async () => {
      const lost = sampleEvent({ type: 'request.outcome_unknown', cost: { micros: null, price_table: 't' } });
      await bench.ledger.append(lost);
      await bench.ledger.append(sampleEvent({ request_id: lost.request_id }));

      expect(await bench.usage()).toMatchObject([{ calls: 1, unpriced: 0, costMicros: 61 }]);
    });

    test('an event far above the size of an item is stored shortened under its own hash', async () => {
      const parts = Array.from({ length: 20_000 }, (_, i) => `messages[${i}] image_url ${'x'.repeat(40)}`);
      const event = sampleEvent({ unscanned_parts: parts });

      await bench.ledger.append(event);

      const [found] = await bench.events(event.request_id);
      expect(found).toMatchObject({
        hash: event.hash,
        truncated: true,
        cost: event.cost,
        verdict: event.verdict,
      });
      expect(found?.unscanned_parts.at(-1)).toBe(parts.at(-1));
    });

    test('what is no event is put away with its reason, once', async () => {
      await bench.ledger.quarantine('{"no":"event"}', 'event: missing');
      await bench.ledger.quarantine('{"no":"event"}', 'event: missing');

      expect(await bench.quarantined()).toEqual(['event: missing']);
    });
  });
}
