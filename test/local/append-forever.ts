/** Appends numbered records to the journal named on the command line and prints each number once it is safe. */
import { writeSync } from 'node:fs';
import { openJournal } from '#local/journal.ts';

const journal = await openJournal(process.argv[2] ?? '', { segmentBytes: 4000 });
for (let n = 0; ; n += 4) {
  await Promise.all(
    [n, n + 1, n + 2, n + 3].map(async (one) => {
      await journal.append({ kind: 'note', n: one, text: 'x'.repeat(one % 300) });
      writeSync(1, `${one}\n`);
    }),
  );
}
