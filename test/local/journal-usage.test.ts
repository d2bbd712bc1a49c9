import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { spendTotal } from '#core/cost/spend-report.ts';
import { createEmitter } from '#core/ledger/chain.ts';
import { endsExchange } from '#core/ledger/ends-exchange.ts';
import type { LedgerEvent, UnsealedEvent } from '#core/ledger/event.ts';
import { openJournal } from '#local/journal.ts';
import { journalEventSink } from '#local/journal-event-sink.ts';
import { journalUsage } from '#local/journal-usage.ts';
import { sampleEvent } from './sample-event.ts';

const quiet = { info: () => undefined, error: () => undefined };
const MONTH = { from: '2026-11-01', to: '2026-11-30' };
const NONE = { cached_input: 0, cache_write: 0, reasoning: 0, audio: 0 } as const;

/** A journal with these events, in files of a few events each. */
async function withJournal<T>(
  parts: readonly Partial<UnsealedEvent>[],
  use: (directory: string, events: LedgerEvent[]) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'kt-usage-'));
  try {
    const emitter = createEmitter('e1');
    const journal = await openJournal(directory, { segmentBytes: 4000 });
    const sink = journalEventSink(journal, quiet);
    const events = parts.map((part, n) =>
      emitter.seal(
        sampleEvent({ at: '2026-11-23T10:00:00.000Z', request_id: `r${n}`, event_id: `e${n}`, ...part }),
      ),
    );
    for (const event of events) await sink.send(event);
    await journal.close();
    return await use(directory, events);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const call: fc.Arbitrary<Partial<UnsealedEvent>> = fc
  .record({
    app_id: fc.constantFrom('a', 'b'),
    model_requested: fc.constantFrom('m', 'n', ''),
    type: fc.constantFrom(
      'request.completed',
      'request.blocked',
      'request.failed',
      'request.refused',
      'key.created',
    ),
    day: fc.integer({ min: 1, max: 30 }),
    input: fc.nat(1000),
    output: fc.nat(1000),
    micros: fc.option(fc.nat(1_000_000)),
  })
  .map(({ day, input, output, micros, ...event }) => ({
    ...event,
    at: `2026-11-${String(day).padStart(2, '0')}T10:00:00.000Z`,
    usage: { ...NONE, input, output, source: 'provider' },
    cost: { micros, price_table: 't' },
  }));

test('the rows of a journal are the exact sum of its calls', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 30 }), (parts) =>
      withJournal(parts, async (directory, events) => {
        const { rows, damaged } = await journalUsage(directory, MONTH);
        const calls = events.filter(endsExchange);
        const sum = (value: (event: LedgerEvent) => number) =>
          calls.reduce((all, one) => all + value(one), 0);

        expect(spendTotal(rows)).toEqual({
          calls: calls.length,
          blocked: sum(({ type }) => (type === 'request.blocked' ? 1 : 0)),
          input: sum(({ usage }) => usage.input),
          output: sum(({ usage }) => usage.output),
          costMicros: sum(({ cost }) => cost.micros ?? 0),
          unpriced: sum(({ cost }) => (cost.micros === null ? 1 : 0)),
        });
        expect(damaged).toBe(0);
      }),
    ),
    { numRuns: 40 },
  );
});

test('the days are inclusive, and one app is told apart', async () => {
  const days = [
    '2026-10-31T23:59:59.999Z',
    '2026-11-01T00:00:00.000Z',
    '2026-11-30T23:59:59.999Z',
    '2026-12-01T00:00:00.000Z',
  ];
  const parts = days.flatMap((at) => [
    { at, app_id: 'a' },
    { at, app_id: 'b' },
  ]);

  await withJournal(parts, async (directory) => {
    expect((await journalUsage(directory, MONTH)).rows).toHaveLength(4);
    const { rows } = await journalUsage(directory, { ...MONTH, app: 'a' });
    expect(rows.map(({ appId, day }) => [appId, day]).sort()).toEqual([
      ['a', '2026-11-01'],
      ['a', '2026-11-30'],
    ]);
  });
});

test.each([
  ['before', ['request.outcome_unknown', 'request.completed']],
  ['after', ['request.completed', 'request.outcome_unknown']],
  ['twice before', ['request.outcome_unknown', 'request.outcome_unknown', 'request.completed']],
] as const)(
  'a call that was given up for lost %s it reported back counts once, as what it was',
  async (_, types) => {
    const parts = types.map((type) => ({
      type,
      request_id: 'one',
      cost: { micros: type === 'request.completed' ? 7 : 5000, price_table: 't' },
    }));

    await withJournal([...parts, {}], async (directory) => {
      const { rows } = await journalUsage(directory, MONTH);
      expect(spendTotal(rows)).toMatchObject({ calls: 2, costMicros: 1507 });
    });
  },
);

test('a changed line is in no sum, and told', async () => {
  await withJournal([{}, {}, {}], async (directory) => {
    const [name = ''] = await readdir(directory);
    const text = await readFile(join(directory, name), 'utf8');
    await writeFile(join(directory, name), text.replace('"micros":1500', '"micros":1501'));

    const { rows, damaged } = await journalUsage(directory, MONTH);
    expect([spendTotal(rows).calls, damaged]).toEqual([2, 1]);
  });
});
