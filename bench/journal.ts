/** What group commit is worth: events per second that are safe on disk, by how many are written at the same time. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '#local/journal.ts';

const SECONDS = 2;
const EVENT = { kind: 'event', text: 'x'.repeat(1700) };

for (const writers of [1, 8, 64]) {
  const folder = await mkdtemp(join(tmpdir(), 'kt-bench-'));
  const journal = await openJournal(folder);
  const waits: number[] = [];
  const end = performance.now() + SECONDS * 1000;
  await Promise.all(
    Array.from({ length: writers }, async () => {
      while (performance.now() < end) {
        const begun = performance.now();
        await journal.append(EVENT);
        waits.push(performance.now() - begun);
      }
    }),
  );
  await journal.close();
  await rm(folder, { recursive: true });
  waits.sort((a, b) => a - b);
  const at = (share: number) => (waits[Math.floor(waits.length * share)] ?? 0).toFixed(2);
  process.stdout.write(
    `${writers} at a time: ${Math.round(waits.length / SECONDS)} events/s, median ${at(0.5)} ms, p99 ${at(0.99)} ms\n`,
  );
}
