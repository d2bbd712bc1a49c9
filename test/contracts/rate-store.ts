import { beforeEach, describe, expect, test } from '@jest/globals';
import type { RateStore } from '#core/limits/rate-store.ts';

/** What every RateStore promises. `make` gives an empty one. */
export function rateStoreContract(name: string, make: () => Promise<RateStore>): void {
  describe(`rate store: ${name}`, () => {
    let store: RateStore;
    beforeEach(async () => {
      store = await make();
    });
    const one = { requests: 1, tokens: 10 };
    const limits = { requestsPerMinute: 10, tokensPerMinute: 1000 };

    test('a share is as large as wished while there is enough', async () => {
      const lease = await store.lease('app/a', 7, one, { requests: 4, tokens: 100 }, limits);

      expect(lease).toEqual({ share: { requests: 4, tokens: 100 }, left: { requests: 6, tokens: 900 } });
    });

    test('the last share is what is left, and then there is none', async () => {
      await store.lease('app/a', 7, one, { requests: 8, tokens: 10 }, limits);

      expect((await store.lease('app/a', 7, one, { requests: 8, tokens: 10 }, limits))?.share.requests).toBe(
        2,
      );
      expect(await store.lease('app/a', 7, one, one, limits)).toBeUndefined();
    });

    test('tokens end a minute as requests do', async () => {
      await store.lease('app/a', 7, one, { requests: 1, tokens: 995 }, limits);

      expect(await store.lease('app/a', 7, one, one, limits)).toBeUndefined();
    });

    test('the next minute and another owner have their own', async () => {
      await store.lease('app/a', 7, one, { requests: 10, tokens: 10 }, limits);

      expect(await store.lease('app/a', 8, one, one, limits)).toBeDefined();
      expect(await store.lease('key/k', 7, one, one, limits)).toBeDefined();
    });

    test('of many at once no more is given than there is', async () => {
      const wish = { requests: 3, tokens: 30 };
      const leases = await Promise.all(
        Array.from({ length: 12 }, () => store.lease('app/a', 7, one, wish, limits)),
      );

      expect(leases.reduce((sum, lease) => sum + (lease?.share.requests ?? 0), 0)).toBe(10);
    });

    test('there are as many places as allowed, and one more when one is left', async () => {
      const now = Date.now();
      const take = (call: string) => store.takePlace('app/a', call, now + 60_000, 2, now);

      expect([await take('1'), await take('2'), await take('3')]).toEqual([true, true, false]);
      await store.leavePlace('app/a', '1');
      expect([await take('4'), await take('5')]).toEqual([true, false]);
    });

    test('the place of a process that died is free after its end', async () => {
      const now = Date.now();
      await store.takePlace('app/a', '1', now + 1000, 1, now);

      expect(await store.takePlace('app/a', '2', now + 5000, 1, now + 999)).toBe(false);
      expect(await store.takePlace('app/a', '3', now + 5000, 1, now + 1000)).toBe(true);
    });

    test('a place that was never taken can be left', async () => {
      await store.leavePlace('app/a', 'nobody');
    });
  });
}
