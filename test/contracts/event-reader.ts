import { beforeEach, describe, expect, test } from '@jest/globals';
import type { LedgerEvent, UnsealedEvent } from '#core/ledger/event.ts';
import type { EventFilter, EventReader } from '#core/ports.ts';
import { sampleEvent } from './sample-records.ts';

export interface EventReaderBench {
  readonly reader: EventReader;
  /** Resolves when the reader sees it. */
  add(event: LedgerEvent): Promise<void>;
}

/** What every EventReader promises. `make` gives one over nothing. */
export function eventReaderContract(name: string, make: () => Promise<EventReaderBench>): void {
  describe(`event reader: ${name}`, () => {
    let bench: EventReaderBench;
    beforeEach(async () => {
      bench = await make();
    });

    /** Adds one event after the other; the later, the newer. */
    async function add(...overs: Partial<UnsealedEvent>[]): Promise<LedgerEvent[]> {
      const events: LedgerEvent[] = [];
      for (const over of overs) {
        const event = sampleEvent(over);
        await bench.add(event);
        events.push(event);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      return events;
    }

    async function idsOf(filter: EventFilter): Promise<string[]> {
      return (await bench.reader.list(filter)).events.map((event) => event.event_id);
    }

    test('nothing stored is a complete empty page with the time of the read', async () => {
      const page = await bench.reader.list({});

      expect(page).toMatchObject({ events: [], complete: true });
      expect(page.next).toBeUndefined();
      expect(Math.abs(Date.parse(page.as_of) - Date.now())).toBeLessThan(60_000);
    });

    test('events come back whole, newest first, of all apps', async () => {
      const [first, second, third] = await add({}, { app_id: 'sales' }, { app_id: 'support' });

      expect((await bench.reader.list({})).events).toEqual([third, second, first]);
    });

    const filters: [string, EventFilter, Partial<UnsealedEvent>][] = [
      ['app', { appId: 'sales' }, { app_id: 'sales' }],
      ['apps', { appIds: ['sales', 'none'] }, { app_id: 'sales' }],
      [
        'verdict and apps',
        { verdict: 'blocked', appIds: ['sales'] },
        { verdict: 'blocked', app_id: 'sales' },
      ],
      ['verdict', { verdict: 'blocked' }, { verdict: 'blocked' }],
      ['verdict and app', { verdict: 'blocked', appId: 'sales' }, { verdict: 'blocked', app_id: 'sales' }],
      ['outcome by its short name', { outcome: 'failed' }, { type: 'request.failed' }],
      ['outcome by its whole name', { outcome: 'review.decided' }, { type: 'review.decided' }],
      ['asked model', { model: 'o4' }, { model_requested: 'o4' }],
      ['used model', { model: 'o4-2026' }, { model_used: 'o4-2026' }],
      ['provider', { provider: 'bedrock' }, { provider: 'bedrock' }],
      ['request id', { requestId: 'request-1' }, { request_id: 'request-1' }],
      ['policy that spoke', { policy: 'pii-detector' }, { policies: [policy('pii-detector', 'redact')] }],
      ['reason of a policy', { reason: 'pii' }, { policies: [policy('pii-detector', 'redact', 'pii')] }],
      ['error code', { reason: 'budget_exceeded' }, { error_code: 'budget_exceeded' }],
      [
        'reason of one policy',
        { policy: 'pii-detector', reason: 'pii' },
        { policies: [policy('pii-detector', 'redact', 'pii')] },
      ],
      ['end user', { subject: 'a'.repeat(64) }, { subject: 'a'.repeat(64) }],
      ['key', { keyId: 'key_2' }, { key_id: 'key_2' }],
    ];
    test.each(filters)(
      'the filter by %s gives what it names and nothing else',
      async (_what, filter, over) => {
        const [, wanted] = await add({}, over, { policies: [policy('pii-detector', 'allow')] });

        expect(await idsOf(filter)).toEqual([wanted?.event_id]);
      },
    );

    test('a filter by no app, or by an app that is not among the allowed ones, gives nothing', async () => {
      await add({}, { app_id: 'sales', request_id: 'request-1' });

      expect(await idsOf({ appIds: [] })).toEqual([]);
      expect(await idsOf({ appId: 'sales', appIds: ['support'] })).toEqual([]);
      expect(await idsOf({ requestId: 'request-1', appIds: ['support'] })).toEqual([]);
    });

    test('the default range is the last day', async () => {
      const [, recent] = await add({ at: ago(3), ended_at: ago(3) }, {});

      expect(await idsOf({})).toEqual([recent?.event_id]);
    });

    test('a time range is inclusive at both ends', async () => {
      const days = [4, 3, 2, 1].map(ago);
      const events = await add(...days.map((at) => ({ at, ended_at: at })));

      const ids = await idsOf({ from: days[1] ?? '', to: days[2] ?? '' });

      expect(ids.sort()).toEqual([events[1]?.event_id, events[2]?.event_id].sort());
    });

    test('paging gives every event once until a page is complete', async () => {
      const events = await add(
        ...Array.from({ length: 23 }, (_, i) => ({ app_id: i % 3 === 0 ? 'sales' : 'support' })),
      );
      const seen: string[] = [];
      let cursor: string | undefined;
      let pages = 0;

      do {
        const page = await bench.reader.list({ limit: 5, ...(cursor ? { cursor } : {}) });
        expect(page.events.length).toBeLessThanOrEqual(5);
        expect(page.complete).toBe(page.next === undefined);
        seen.push(...page.events.map((event) => event.event_id));
        cursor = page.next;
        pages += 1;
      } while (cursor !== undefined && pages < 50);

      expect(seen).toEqual(events.map((event) => event.event_id).reverse());
    });

    test('an event that arrives between two pages changes nothing on the second', async () => {
      const [older] = await add({}, {});
      const page = await bench.reader.list({ limit: 1 });
      await add({});

      const second = await bench.reader.list({ limit: 1, cursor: page.next ?? 'none' });

      expect(second.events.map((event) => event.event_id)).toEqual([older?.event_id]);
    });

    test.each(['nonsense', '%%%'])('the made-up cursor %j is refused', async (cursor) => {
      await add({});

      await expect(bench.reader.list({ cursor })).rejects.toThrow(/cursor/);
    });

    test('the events of one request are found oldest first, however old', async () => {
      const request = { request_id: 'request-7' };
      const at = ago(200);
      const [call, decided] = await add(
        { ...request, at, ended_at: at },
        { ...request, type: 'review.decided' },
        {},
      );

      expect(await bench.reader.find('request-7')).toEqual([call, decided]);
      expect(await bench.reader.find('request-8')).toEqual([]);
    });
  });
}

function policy(kind: string, action: 'allow' | 'redact', reason = 'ok'): UnsealedEvent['policies'][number] {
  const rules: Record<string, number> = action === 'allow' ? {} : { 'pii.email': 2 };
  const seen = { latency_us: 150, chars_seen: 120, chars_scanned: 120 };
  return { kind, phase: 'input', mode: 'enforce', action, reason, score: 0.1 + 0.2, rules, ...seen };
}

function ago(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString();
}
