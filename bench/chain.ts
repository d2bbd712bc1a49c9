/**
 * What the input chain of a pack costs one processor: `npm run bench:chain [-- --rounds 40 --pack policies/packs/dify.yaml]`.
 *
 * The prompts are windows of the repository's own documents and sources (real prose, Markdown, YAML, TypeScript), and of invented
 * logs, letters and conversations; each is walked, judged by the whole chain and put back, as the gateway does it. Every prompt is
 * run in every round. `every run` is what the clock said, neighbours on the machine and garbage collection included; `least
 * disturbed` takes the quickest round of each prompt, which leaves the prompt; the mean is processor time of this thread.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { JsonObject } from '#core/json.ts';
import { putLeaves, walkRequest } from '#core/openai/leaves.ts';
import { compilePack } from '#core/pack/compile.ts';
import { runInputChain } from '#core/policy/input-chain.ts';
import { createInputText } from '#core/text/build-views.ts';
import { pseudonyms } from '#core/text/pseudonym.ts';
import { catalogue } from '#policies/catalogue.ts';
import { conversation, JSON_LOG, LETTER } from './chain-prompts.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '40' },
    pack: { type: 'string', default: 'policies/packs/dify.yaml' },
  },
});
const rounds = Math.max(2, Number(values.rounds) || 40);
const SIZES = [1_000, 4_000, 16_000, 64_000, 256_000, 1_000_000];
const compiled = compilePack(readFileSync(values.pack, 'utf8'), values.pack, catalogue);
if ('problems' in compiled) throw new Error(`${values.pack} does not compile`);
const { chain } = compiled.pack;

const HEAD = 'p50 ms, every run | p99 | p50 ms, least disturbed | p99 | max |\n|---|---|---|---|---|---|';

/** Nothing stops the chain early, so that every prompt costs all of it. */
const steps = chain.map((step) => {
  const blocks = (step.settings as { action?: string }).action === 'block';
  return { ...step, mode: blocks ? ('observe' as const) : step.mode, timeout_ms: 600_000 };
});

interface Cost {
  readonly total: number;
  readonly byPolicy: ReadonlyMap<string, number>;
}

const texts = new Map([
  ['documents', read('docs', '.md')],
  ['source code', read('lib/gateway', '.ts')],
  ['packs in YAML', read('policies/packs', '.yaml')],
  ['JSON log', JSON_LOG],
  ['letters with personal data', LETTER],
]);

console.log(`Node ${process.version}, ${cpus()[0]?.model}, ${values.pack}, ${rounds} rounds\n`);
const prompts = [...texts].flatMap(([name, text]) =>
  windows(text, 4_000, 12).map((part) => ({ name, part })),
);
for (const { part } of prompts) run(conversation(part));
const busy = cpuMicros();
const costs = Array.from({ length: rounds }, () =>
  prompts.map(({ name, part }) => ({ name, part, ...run(conversation(part)) })),
).flat();
const mean = (cpuMicros() - busy) / costs.length;
printWhole();
console.log(`\nmean processor time: ${showMs(mean)} ms per prompt`);
printPolicies();
printGrowth();

/** One request through the chain, in microseconds. */
function run(request: JsonObject): Cost {
  const before = micros();
  const { leaves } = walkRequest(request);
  const facts = {
    probe: false,
    structuredOutput: false,
    model: 'gpt-4o',
    pseudonym: pseudonyms('bench'),
    vault: new Map<string, string>(),
    sample: 0.5,
  };
  const tools = { now: micros, buildInput: createInputText };
  const outcome = runInputChain(steps, catalogue, leaves, facts, tools);
  putLeaves(request, outcome.leaves);
  const byPolicy = new Map(outcome.records.map(({ kind, latency_us }) => [kind, latency_us]));
  return { total: micros() - before, byPolicy };
}

function printWhole(): void {
  console.log(`| 4 kB prompt | ${HEAD}`);
  for (const name of texts.keys()) row(name, (cost) => (cost.name === name ? cost.total : undefined));
  row('all', (cost) => cost.total);
}

function printPolicies(): void {
  console.log(`\n| policy, 4 kB prompt | ${HEAD}`);
  for (const kind of new Set(costs.flatMap(({ byPolicy }) => [...byPolicy.keys()]))) {
    row(kind, ({ byPolicy }) => byPolicy.get(kind));
  }
}

/** The first policy that looks at a text also builds its views, so its share includes them. */
function printGrowth(): void {
  const kinds = chain.map(({ kind }) => kind).filter((kind) => catalogue.get(kind)?.input);
  console.log(`\n| one prompt of | whole ms | µs per kB | ${kinds.join(' | ')} |`);
  console.log(`|---|---|---|${'---|'.repeat(kinds.length)}`);
  const everything = [...texts.values()].map((text) => text.slice(0, 20_000)).join('\n\n');
  for (const size of SIZES) {
    const request = conversation(windows(everything, size, 1)[0] ?? '');
    const tries = Array.from({ length: size > 100_000 ? 3 : 15 }, () => run(request));
    const best = tries.reduce((a, b) => (b.total < a.total ? b : a));
    const shares = kinds.map((kind) => ((best.byPolicy.get(kind) ?? 0) / 1000).toFixed(2));
    const whole = `${(best.total / 1000).toFixed(2)} | ${((best.total * 1000) / size).toFixed(0)}`;
    console.log(`| ${size / 1000} kB | ${whole} | ${shares.join(' | ')} |`);
  }
}

function row(name: string, take: (cost: (typeof costs)[number]) => number | undefined): void {
  const all = costs.flatMap((cost) => take(cost) ?? []);
  const quickest = [...Map.groupBy(costs, ({ part }) => part).values()].flatMap((same) => {
    const times = same.flatMap((cost) => take(cost) ?? []);
    return times.length === 0 ? [] : [Math.min(...times)];
  });
  const figures = [
    quantile(all, 0.5),
    quantile(all, 0.99),
    quantile(quickest, 0.5),
    quantile(quickest, 0.99),
  ];
  console.log(`| ${name} | ${[...figures, quantile(quickest, 1)].map(showMs).join(' | ')} |`);
}

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** Rounded up, so that no figure looks better than it is. */
function showMs(micros: number): string {
  return (Math.ceil(micros / 10) / 100).toFixed(2);
}

/** Up to `count` windows of `size` characters, spread over a text that is repeated until it is long enough. */
function windows(text: string, size: number, count: number): string[] {
  const long = text.repeat(Math.ceil((size + count) / text.length));
  const stride = Math.max(1, Math.floor((long.length - size) / count));
  return Array.from({ length: count }, (_, index) => long.slice(index * stride, index * stride + size));
}

function read(folder: string, end: string): string {
  const files = readdirSync(folder).filter((file) => file.endsWith(end));
  return files
    .sort()
    .map((file) => readFileSync(`${folder}/${file}`, 'utf8'))
    .join('\n');
}

function micros(): number {
  return performance.now() * 1000;
}

function cpuMicros(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}
