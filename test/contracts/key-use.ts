import { describe, expect, test } from '@jest/globals';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { KeyAdmin } from '#core/ports.ts';
import { sha256Hex } from '#core/text/hash.ts';
import { sampleEvent } from './sample-records.ts';

export interface KeyUseBench {
  readonly admin: Pick<KeyAdmin, 'putKey' | 'listKeys' | 'revokeKey'>;
  /** A process that sees these events in this order, and ends. */
  saw(...events: LedgerEvent[]): Promise<void>;
}

const at = (minute: number) => `2026-11-28T10:${String(minute).padStart(2, '0')}:00.000Z`;
const key = { id: 'key_1', appId: 'support', prefix: 'p', name: 'n', createdAt: at(0) };

/** What everything that notes the use of keys promises. */
export function keyUseContract(name: string, make: () => Promise<KeyUseBench>): void {
  describe(`key use: ${name}`, () => {
    test('a key that was never used has no times', async () => {
      const { admin } = await make();
      await admin.putKey(sha256Hex('one'), key);

      expect(await admin.listKeys()).toEqual([key]);
    });

    test('the first use stays and the last one moves, over the ends of processes', async () => {
      const { admin, saw } = await make();
      await admin.putKey(sha256Hex('one'), key);

      await saw(sampleEvent({ at: at(1) }));
      expect(await admin.listKeys()).toEqual([{ ...key, firstUsedAt: at(1), lastUsedAt: at(1) }]);
      await saw(sampleEvent({ at: at(9) }));

      expect(await admin.listKeys()).toEqual([{ ...key, firstUsedAt: at(1), lastUsedAt: at(9) }]);
    });

    test('each key has its own times', async () => {
      const { admin, saw } = await make();
      await admin.putKey(sha256Hex('one'), key);
      await admin.putKey(sha256Hex('two'), { ...key, id: 'key_2' });

      await saw(sampleEvent({ at: at(1) }), sampleEvent({ at: at(2), key_id: 'key_2' }));

      const found = (await admin.listKeys()).sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(found.map(({ lastUsedAt }) => lastUsedAt)).toEqual([at(1), at(2)]);
    });

    test.each(['provider_key', 'none', 'console', 'system'] as const)(
      'an event with auth %s is no use of a key',
      async (auth) => {
        const { admin, saw } = await make();
        await admin.putKey(sha256Hex('one'), key);

        await saw(sampleEvent({ at: at(1), auth }));

        expect(await admin.listKeys()).toEqual([key]);
      },
    );

    test('what is done to a key later leaves its times, and they leave the key', async () => {
      const { admin, saw } = await make();
      await admin.putKey(sha256Hex('one'), key);
      await saw(sampleEvent({ at: at(1) }));

      await admin.revokeKey('key_1', at(5));

      expect(await admin.listKeys()).toEqual([
        { ...key, revokedAt: at(5), firstUsedAt: at(1), lastUsedAt: at(1) },
      ]);
    });
  });
}
