import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Intent, IntentLog } from '#core/ports.ts';
import { sampleIntent } from './sample-records.ts';

export interface IntentLogBench {
  readonly log: IntentLog;
  /** Every intent that is durable at this moment, in any order. */
  opened(): Promise<Intent[]>;
}

/** What every IntentLog promises. `make` gives an empty one. */
export function intentLogContract(name: string, make: () => Promise<IntentLogBench>): void {
  describe(`intent log: ${name}`, () => {
    let bench: IntentLogBench;
    beforeEach(async () => {
      bench = await make();
    });

    test('an opened intent is durable with every field', async () => {
      const intent = sampleIntent();

      await bench.log.open(intent);

      expect(await bench.opened()).toEqual([intent]);
    });

    test('an unknown worst case stays unknown', async () => {
      await bench.log.open(sampleIntent({ worstCaseMicros: null }));

      expect((await bench.opened())[0]?.worstCaseMicros).toBeNull();
    });

    test('intents that are opened at the same time are all durable', async () => {
      const intents = Array.from({ length: 25 }, (_, seq) => sampleIntent({ seq }));

      await Promise.all(intents.map((intent) => bench.log.open(intent)));

      const found = (await bench.opened()).map(({ requestId }) => requestId).sort();
      expect(found).toEqual(intents.map(({ requestId }) => requestId).sort());
    });
  });
}
