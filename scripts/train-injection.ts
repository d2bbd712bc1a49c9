/**
 * Trains the model of prompt-injection on the `train` part of a data folder and writes policies/prompt-injection/weights.ts; the same data
 * give the same file: `node scripts/train-injection.ts --data ../shared/data`, about half a minute.
 *
 * `--leave-out` writes nothing: it trains once more without each attack set (and what is like it) and prints how much of that set is
 * found by rules and model, with the thresholds as committed.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createWeigh } from '#policies/prompt-injection/weigh.ts';
import { ATTACK_SETS, type Document, readDocuments } from './injection/documents.ts';
import { calibrate, type Trained, toModel, train } from './injection/train.ts';

const { values } = parseArgs({ options: { data: { type: 'string' }, 'leave-out': { type: 'boolean' } } });
if (!values.data) {
  console.error('usage: scripts/train-injection.ts --data <folder> [--leave-out]');
  process.exit(2);
}
const documents = readDocuments(values.data);
const known = documents.filter(({ part }) => part === 'train');
const thresholds = calibrate(known);
if (values['leave-out']) leaveOut();
else write(train(known));

function write({ bytes, scale, bias }: Trained): void {
  const file = join(import.meta.dirname, '../policies/prompt-injection/weights.ts');
  const text = `import type { ModelData } from './model.ts';

/** Written by scripts/train-injection.ts; see model-card.md. */
export const MODEL: ModelData = {
  scale: ${scale},
  bias: ${bias},
  thresholds: { low: ${thresholds.low}, balanced: ${thresholds.balanced}, high: ${thresholds.high} },
  weights:
    '${Buffer.from(bytes.buffer).toString('base64')}',
};
`;
  writeFileSync(file, text);
  console.log(`${known.length} texts, ${bytes.length} weights, thresholds ${JSON.stringify(thresholds)}`);
}

function leaveOut(): void {
  console.log('| left out | texts | found when seen | found when left out |\n|---|---|---|---|');
  const seen = train(known);
  for (const sets of [ATTACK_SETS.slice(0, 3), ...ATTACK_SETS.slice(2).map((set) => [set])]) {
    const measured = documents.filter(({ set, attack }) => attack && sets.includes(set));
    const clusters = new Set(measured.map(({ cluster }) => cluster));
    const others = known.filter(({ cluster, set }) => !clusters.has(cluster) && !sets.includes(set));
    const fresh = measured.filter(({ part }) => part === 'test');
    const names = sets.map((set) => set.slice('prompt_attack/'.length)).join(', ');
    console.log(`| ${names} | ${fresh.length} | ${share(fresh, seen)} | ${share(fresh, train(others))} |`);
  }
}

function share(measured: readonly Document[], trained: Trained): string {
  const weigh = createWeigh(toModel(trained, thresholds));
  const found = measured.filter(({ text }) => weigh(text, { sensitivity: 'balanced', untrusted: false }));
  return `${(Math.floor((1000 * found.length) / measured.length) / 10).toFixed(1)} %`;
}
