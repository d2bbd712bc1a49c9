import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createAdmission } from '#local/admission.ts';

const never = new AbortController().signal;

describe('admission', () => {
  test('never lets more in than the limit, whatever the order of coming and going', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.boolean(), { maxLength: 60 }),
        async (limit, steps) => {
          const admission = createAdmission({ limit, waiting: 100, waitMs: 5000 });
          const inside: (() => void)[] = [];
          const calls: Promise<void>[] = [];
          for (const comes of steps) {
            if (comes) calls.push(admission.enter(never).then((leave) => void inside.push(leave)));
            else inside.shift()?.();
            await Promise.resolve();
            expect(admission.running).toBeLessThanOrEqual(limit);
          }
          const drain = setInterval(() => inside.shift()?.(), 0);
          await Promise.all(calls);
          clearInterval(drain);
          for (const leave of inside) leave();
          expect([admission.running, admission.waiting]).toEqual([0, 0]);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('lets the one in that has waited longest', async () => {
    const admission = createAdmission({ limit: 1, waiting: 5, waitMs: 5000 });
    const leave = await admission.enter(never);
    const order: number[] = [];
    const calls = [1, 2, 3].map(async (n) => {
      const out = await admission.enter(never);
      order.push(n);
      out();
    });
    leave();
    await Promise.all(calls);

    expect(order).toEqual([1, 2, 3]);
  });

  test('refuses when the line is full', async () => {
    const admission = createAdmission({ limit: 1, waiting: 1, waitMs: 1000 });
    const leave = await admission.enter(never);
    const second = admission.enter(never);

    await expect(admission.enter(never)).rejects.toMatchObject({ code: 'overloaded', retryAfterSeconds: 1 });
    leave();
    (await second)();
  });

  test('refuses who has waited too long', async () => {
    const admission = createAdmission({ limit: 1, waiting: 1, waitMs: 20 });
    const leave = await admission.enter(never);

    await expect(admission.enter(never)).rejects.toMatchObject({ code: 'overloaded' });
    expect(admission.waiting).toBe(0);
    leave();
  });

  test('forgets a caller that leaves the line', async () => {
    const admission = createAdmission({ limit: 1, waiting: 1, waitMs: 5000 });
    const leave = await admission.enter(never);
    const gone = new AbortController();
    const second = admission.enter(gone.signal);
    gone.abort(new Error('gone'));

    await expect(second).rejects.toThrow('gone');
    leave();
    await sleep(0);
    expect([admission.running, admission.waiting]).toEqual([0, 0]);
  });

  test('a way out works once', async () => {
    const admission = createAdmission({ limit: 1, waiting: 1, waitMs: 5000 });
    const leave = await admission.enter(never);
    leave();
    leave();
    await admission.enter(never);

    expect(admission.running).toBe(1);
  });
});
