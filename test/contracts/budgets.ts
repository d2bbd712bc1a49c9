import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ulid } from 'ulid';
import type { HeldAccount, Hold } from '#core/budget/hold.ts';
import { createEmitter } from '#core/ledger/chain.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { lostEvent } from '#core/ledger/lost-event.ts';
import type { BudgetBook, Intent, NoRoom } from '#core/ports.ts';
import { sampleEvent, sampleIntent } from './sample-records.ts';

export interface BudgetBench {
  readonly book: BudgetBook;
  open(intent: Intent): Promise<NoRoom | undefined>;
  /** The final event of a call, as the gateway sends it and the recorder takes it. */
  settle(event: LedgerEvent): Promise<unknown>;
}

const origin = { environment: 'test', version: '0', pack: 'p@1', packHash: 'h', costTags: () => ({}) };
const account = (id: string, limit_micros: number, soft?: true): HeldAccount => ({
  id,
  limit_micros,
  warn_at: [100],
  ...(soft ? { soft } : {}),
});
const intentOf = (hold: Hold) => sampleIntent({ hold, worstCaseMicros: hold.reserved_micros });
const endOf = ({ requestId, hold }: Intent, micros: number) =>
  sampleEvent({
    request_id: requestId,
    cost: { micros, price_table: 't' },
    ...(hold ? { budget: hold } : {}),
  });
const lostOf = (intent: Intent) =>
  createEmitter(ulid()).seal(lostEvent(intent, origin, ulid(), new Date().toISOString()));

/** What every store of budgets promises. `make` gives an empty one. */
export function budgetContract(name: string, make: () => Promise<BudgetBench>): void {
  describe(`budgets: ${name}`, () => {
    let bench: BudgetBench;
    beforeEach(async () => {
      bench = await make();
    });
    const state = async (id: string) => (await bench.book.states([id]))[0];
    const hold = (micros: number, ...accounts: HeldAccount[]): Hold => ({
      reserved_micros: micros,
      accounts,
    });

    test('an account nobody used is empty', async () => {
      expect(await bench.book.states(['app/a@2026-11', 'key/k@2026-11-28'])).toEqual([
        { id: 'app/a@2026-11', spentMicros: 0, usedMicros: 0 },
        { id: 'key/k@2026-11-28', spentMicros: 0, usedMicros: 0 },
      ]);
    });

    test('what is set aside is used and not spent, on every account of the call', async () => {
      const accounts = [account('app/a@2026-11', 100), account('key/k@2026-11-28', 100)];

      expect(await bench.open(intentOf(hold(60, ...accounts)))).toBeUndefined();

      for (const { id } of accounts) expect(await state(id)).toEqual({ id, spentMicros: 0, usedMicros: 60 });
    });

    test('a limit can be used to the last micro-dollar and not beyond', async () => {
      const month = account('app/a@2026-11', 100);

      expect(await bench.open(intentOf(hold(60, month)))).toBeUndefined();
      expect(await bench.open(intentOf(hold(40, month)))).toBeUndefined();
      const refused = await bench.open(intentOf(hold(1, month)));

      expect(refused).toEqual({ full: [{ id: month.id, spentMicros: 0, usedMicros: 100 }] });
    });

    test('a call that finds no room on one account takes nothing from the others', async () => {
      const [wide, narrow] = [account('app/a@2026-11', 1000), account('app/a@2026-11-28', 10)];

      const refused = await bench.open(intentOf(hold(11, wide, narrow)));

      expect(refused?.full.map(({ id }) => id)).toEqual([narrow.id]);
      expect(await state(wide.id)).toMatchObject({ usedMicros: 0 });
    });

    test('a call that was refused can be opened again with less', async () => {
      const month = account('app/a@2026-11', 10);
      const intent = intentOf(hold(11, month));
      await bench.open(intent);

      expect(await bench.open({ ...intent, hold: hold(10, month) })).toBeUndefined();
    });

    test('a soft limit stops nothing', async () => {
      const month = account('app/a@2026-11', 10, true);

      expect(await bench.open(intentOf(hold(11, month)))).toBeUndefined();
      expect(await state(month.id)).toMatchObject({ usedMicros: 11 });
    });

    test('an ended call spends what it cost and gives the rest back', async () => {
      const month = account('app/a@2026-11', 100);
      const intent = intentOf(hold(60, month));
      await bench.open(intent);

      await bench.settle(endOf(intent, 7));

      expect(await state(month.id)).toEqual({ id: month.id, spentMicros: 7, usedMicros: 7 });
    });

    test('an end that is told many times settles once', async () => {
      const month = account('app/a@2026-11', 100);
      const intent = intentOf(hold(60, month));
      await bench.open(intent);
      const event = endOf(intent, 7);

      await Promise.all([1, 2, 3].map(() => bench.settle(event)));
      await bench.settle(event);

      expect(await state(month.id)).toMatchObject({ spentMicros: 7, usedMicros: 7 });
    });

    test('an end whose hold never became durable gives nothing back', async () => {
      const month = account('app/a@2026-11', 100);
      await bench.open(intentOf(hold(60, month)));

      await bench.settle(endOf(intentOf(hold(50, month)), 0));

      expect(await state(month.id)).toMatchObject({ spentMicros: 0, usedMicros: 60 });
    });

    test('a call without a hold is counted where its event says', async () => {
      const month = account('app/a@2026-11', 100);

      await bench.settle(sampleEvent({ cost: { micros: 5, price_table: 't' }, budget: hold(0, month) }));

      expect(await state(month.id)).toMatchObject({ spentMicros: 5, usedMicros: 5 });
    });

    test('a lost call is charged its worst case, and what it cost when it reports back after all', async () => {
      const month = account('app/a@2026-11', 100);
      const intent = intentOf(hold(60, month));
      await bench.open(intent);

      await bench.settle(lostOf(intent));
      expect(await state(month.id)).toMatchObject({ spentMicros: 60, usedMicros: 60 });

      await bench.settle(endOf(intent, 7));
      await bench.settle(endOf(intent, 7));
      expect(await state(month.id)).toMatchObject({ spentMicros: 7, usedMicros: 7 });
    });

    test('of many calls at once exactly as many are opened as fit', async () => {
      const month = account('app/a@2026-11', 7 * 13);
      const results = await Promise.all(
        Array.from({ length: 40 }, () => bench.open(intentOf(hold(13, month)))),
      );

      expect(results.filter((result) => result === undefined)).toHaveLength(7);
      expect(await state(month.id)).toMatchObject({ usedMicros: 7 * 13 });
    });

    test('every order of opening, ending, losing and repeating keeps the books', async () => {
      const limit = 100;
      const step = fc.oneof(
        fc.record({ act: fc.constant('open' as const), micros: fc.integer({ min: 1, max: 60 }) }),
        fc.record({
          act: fc.constantFrom('end' as const, 'lose' as const),
          call: fc.nat(5),
          micros: fc.nat(60),
        }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
          const month = account(`app/${ulid()}@2026-11`, limit);
          const model = { used: 0, spent: 0 };
          const calls: { intent: Intent; ended?: 'lost' | 'told'; cost: number }[] = [];
          for (const one of steps) {
            if (one.act === 'open') {
              const intent = intentOf(hold(one.micros, month));
              const refused = await bench.open(intent);
              expect(refused === undefined).toBe(model.used + one.micros <= limit);
              if (refused) continue;
              model.used += one.micros;
              calls.push({ intent, cost: 0 });
              continue;
            }
            const call = calls[one.call % Math.max(1, calls.length)];
            if (!call) continue;
            const reserved = call.intent.hold?.reserved_micros ?? 0;
            const cost = one.act === 'lose' ? reserved : Math.min(one.micros, reserved);
            await bench.settle(one.act === 'lose' ? lostOf(call.intent) : endOf(call.intent, cost));
            const counts = call.ended === undefined || (call.ended === 'lost' && one.act === 'end');
            if (counts) {
              model.used += cost - (call.ended === undefined ? reserved : call.cost);
              model.spent += cost - call.cost;
              call.cost = cost;
              call.ended = one.act === 'lose' ? 'lost' : 'told';
            }
            expect(await state(month.id)).toMatchObject({ spentMicros: model.spent, usedMicros: model.used });
          }
        }),
        { numRuns: 25 },
      );
    });
  });
}
