/**
 * How good the detectors are, with the catalogue's own policies and default settings:
 * `npm run bench:detection -- --data ../shared/data [--only injection,leave-out,pii,secrets,unsafe,quality,round-trip,everyday]`.
 *
 * Data and their licences are described in the data folder. Models have seen the `train` part of its clusters only
 * (detection/rows.ts); what they are measured on is the rest. Exits with 1 when a floor is missed.
 */
import { parseArgs } from 'node:util';
import { measureEveryday } from './detection/everyday.ts';
import { type Group, passes, toMarkdown } from './detection/figure.ts';
import { measureInjection } from './detection/injection.ts';
import { measureLeaveOut } from './detection/leave-out.ts';
import { measurePii } from './detection/pii.ts';
import { measureQuality } from './detection/quality.ts';
import { measureRoundTrip } from './detection/round-trip.ts';
import { measureSecrets } from './detection/secrets.ts';
import { measureUnsafe } from './detection/unsafe.ts';

const MEASURES: Readonly<Record<string, (data: string) => Group | readonly Group[]>> = {
  injection: measureInjection,
  'leave-out': measureLeaveOut,
  pii: measurePii,
  secrets: measureSecrets,
  unsafe: measureUnsafe,
  quality: measureQuality,
  'round-trip': measureRoundTrip,
  everyday: measureEveryday,
};

const { values } = parseArgs({ options: { data: { type: 'string' }, only: { type: 'string' } } });
const wanted = values.only?.split(',') ?? Object.keys(MEASURES);
const unknown = wanted.find((name) => !(name in MEASURES));
if (!values.data || unknown !== undefined) {
  console.error(unknown === undefined ? '--data <folder> is needed' : `unknown group ${unknown}`);
  console.error(`usage: bench/detection.ts --data <folder> [--only ${Object.keys(MEASURES).join(',')}]`);
  process.exit(2);
}
console.log(`Measured ${new Date().toISOString().slice(0, 10)}, Node ${process.version}\n`);
let missed = 0;
for (const name of wanted) {
  for (const group of [MEASURES[name]?.(values.data) ?? []].flat()) {
    console.log(toMarkdown(group));
    missed += group.figures.filter((figure) => passes(figure) === false).length;
  }
}
console.log(missed === 0 ? 'Every floor is met.' : `Floors missed: ${missed}.`);
process.exitCode = missed === 0 ? 0 : 1;
