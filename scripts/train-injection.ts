/**
 * Trains the model of prompt-injection on the `train` part of a data folder and writes policies/prompt-injection/weights.ts; the same data
 * give the same file: `node scripts/train-injection.ts --data ../shared/data`, about half a minute.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readDocuments } from './injection/documents.ts';
import { calibrate, type Trained, train } from './injection/train.ts';

const { values } = parseArgs({ options: { data: { type: 'string' } } });
if (!values.data) {
  console.error('usage: scripts/train-injection.ts --data <folder>');
  process.exit(2);
}
const documents = readDocuments(values.data);
const known = documents.filter(({ part }) => part === 'train');
const thresholds = calibrate(known);
write(train(known));

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
