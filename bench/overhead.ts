/**
 * Latency that the gateway adds to a model call: each round makes the same call to the scripted provider directly, through
 * `kt gateway run`, and through the function under the local runtime, in changing order; what is reported is the difference to the
 * direct call of the same round. `npm run bench:overhead [-- rounds]`, about two minutes.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { makeProject, removeProject, startStack } from '../test/support/stack.ts';
import { says, startUpstream } from '../test/support/upstream.ts';

const rounds = Number(process.argv[2] ?? 400);
const warmup = 50;
const ANSWER =
  'The quick brown fox jumps over the lazy dog and then takes a long nap in the afternoon sun. '.repeat(3);
const PROMPT = 'Please summarise the following meeting notes for the team in three sentences. '.repeat(8);

interface Way {
  readonly name: string;
  readonly url: string;
  readonly key: string;
}

async function call(way: Way, stream: boolean): Promise<number> {
  const began = performance.now();
  const response = await fetch(`${way.url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${way.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o', stream, messages: [{ role: 'user', content: PROMPT }] }),
  });
  if (response.status !== 200) throw new Error(`${way.name}: ${response.status} ${await response.text()}`);
  const reader = response.body?.getReader();
  const first = await firstText(reader, stream, began);
  while (reader && !(await reader.read()).done);
  return first ?? performance.now() - began;
}

/** For a stream: milliseconds to the first text. */
async function firstText(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
  stream: boolean,
  began: number,
): Promise<number | undefined> {
  if (!stream || !reader) return undefined;
  let seen = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error('no text in the stream');
    seen += new TextDecoder().decode(value);
    if (/"content":"[^"]/.test(seen)) return performance.now() - began;
  }
}

function quantile(sorted: readonly number[], q: number): string {
  const at = Math.min(sorted.length - 1, Math.floor(q * sorted.length));
  return (sorted[at] ?? Number.NaN).toFixed(2);
}

async function measure(ways: readonly Way[], stream: boolean): Promise<void> {
  const [direct, ...others] = ways;
  if (!direct) return;
  const added = new Map(others.map((way) => [way.name, [] as number[]]));
  const alone: number[] = [];
  for (let round = -warmup; round < rounds; round += 1) {
    const order = [...ways].sort(() => Math.random() - 0.5);
    const times = new Map<string, number>();
    for (const way of order) times.set(way.name, await call(way, stream));
    if (round < 0) continue;
    const base = times.get(direct.name) ?? 0;
    alone.push(base);
    for (const way of others) added.get(way.name)?.push((times.get(way.name) ?? 0) - base);
  }
  const what = stream ? 'to the first text, streamed' : 'whole answer';
  row(`${direct.name}, ${what}`, alone);
  for (const [name, values] of added) row(`added by ${name}, ${what}`, values);
}

function row(name: string, values: number[]): void {
  const sorted = values.toSorted((a, b) => a - b);
  console.log(`| ${name} | ${[0.5, 0.95, 0.99].map((q) => quantile(sorted, q)).join(' | ')} |`);
}

async function runStandalone(root: string, upstream: string): Promise<{ way: Way; child: ChildProcess }> {
  const key = 'sk-bench-key-that-is-not-one';
  const args = [
    '--no-warnings',
    'bin/kt.ts',
    'gateway',
    'run',
    '--policy-config',
    'examples/policy-config.yaml',
    '--listen',
    '127.0.0.1:0',
  ];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', HOME: root, OPENAI_API_KEY: key, OPENAI_BASE_URL: upstream },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = await new Promise<string>((found, fail) => {
    const take = (chunk: Buffer) => {
      output += chunk;
      const match = /http:\/\/127\.0\.0\.1:\d+/.exec(output);
      if (match) found(match[0]);
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.once('exit', () => fail(new Error(output)));
  });
  child.stdout?.resume();
  return { way: { name: 'kt gateway run', url: `${url}/v1`, key }, child };
}

/** Sizes of the bundles, and the time a fresh process takes to import each of them. */
function bundles(root: string): void {
  const out = join(root, 'cdk.out');
  console.log('\n| bundle | index.mjs kB | import ms, median of 7 |\n|---|---|---|');
  const assets = readdirSync(out).filter(
    (name) => name.startsWith('asset.') && statSync(join(out, name)).isDirectory(),
  );
  for (const asset of assets) {
    const file = join(out, asset, 'index.mjs');
    const size = statSync(file, { throwIfNoEntry: false })?.size;
    if (size === undefined) continue;
    console.log(`| ${componentOf(out, asset)} | ${(size / 1000).toFixed(0)} | ${importMs(file)} |`);
  }
}

/** The function an asset belongs to, by the name of its resource without CDK's suffix. */
function componentOf(out: string, asset: string): string {
  const hash = asset.slice('asset.'.length);
  for (const name of readdirSync(out).filter((file) => file.endsWith('.template.json'))) {
    const { Resources } = JSON.parse(readFileSync(join(out, name), 'utf8')) as {
      Resources: Record<string, { Properties?: { Code?: { S3Key?: string } } }>;
    };
    const found = Object.entries(Resources).find(([, { Properties }]) =>
      Properties?.Code?.S3Key?.includes(hash),
    );
    if (found) return found[0].replace(/(Function)?[0-9A-F]{8}$/, '');
  }
  return hash.slice(0, 8);
}

function importMs(file: string): string {
  const code = `
    globalThis.awslambda = { streamifyResponse: (handler) => handler };
    for (const name of ['KT_ENV','STATE_TABLE','LEDGER_TABLE','CONTENT_TABLE','EVENT_QUEUE_URL','REVIEW_MACHINE_ARN','TENANT_KEY_ARN','REVIEW_DECIDE_FUNCTION','CURSOR_KEY_ARN','EVENT_BUS']) process.env[name] = 'x';
    process.env.SECRET_ARNS = '{}'; process.env.AWS_REGION = 'eu-central-1';
    process.env.LAMBDA_TASK_ROOT = ${JSON.stringify(join(file, '..'))};
    const began = performance.now();
    await import(${JSON.stringify(file)});
    console.log(performance.now() - began);
    process.exit(0);`;
  const times: number[] = [];
  for (let run = 0; run < 7; run += 1) {
    const { stdout } = spawnSyncText(code);
    const said = stdout.trim().split('\n').at(-1);
    if (said) times.push(Number(said));
  }
  return times.length === 0
    ? 'failed'
    : quantile(
        times.toSorted((a, b) => a - b),
        0.5,
      );
}

function spawnSyncText(code: string): { stdout: string } {
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  return { stdout };
}

/** Memory of the stack's processes: RSS counts shared pages once per process, PSS once in all. Linux only. */
function memory(pid: number): void {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const stat = readText(`/proc/${name}/stat`);
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const family = new Set([pid]);
  for (let grown = 0; grown !== family.size; ) {
    grown = family.size;
    for (const [child, parent] of parents) if (family.has(parent)) family.add(child);
  }
  const sum = (field: string) => {
    const sizes = [...family].map((one) =>
      Number(new RegExp(`^${field}: +(\\d+)`, 'm').exec(readText(`/proc/${one}/smaps_rollup`))?.[1] ?? 0),
    );
    return (sizes.reduce((total, size) => total + size, 0) / 1000).toFixed(0);
  };
  console.log(
    `\nMemory after these calls: ${family.size} processes, RSS ${sum('Rss')} MB, PSS ${sum('Pss')} MB`,
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

const root = makeProject();
const upstream = await startUpstream(says(ANSWER));
const standalone = await runStandalone(root, upstream.url);
const stack = await startStack(root, { OPENAI_BASE_URL: upstream.url, OPENAI_API_KEY: 'sk-x' });
try {
  const ways: Way[] = [
    { name: 'provider directly', url: upstream.url, key: 'x' },
    standalone.way,
    { name: 'function, local runtime', url: stack.local.gatewayUrl, key: stack.local.apiKey },
  ];
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${rounds} rounds, ${new Date().toISOString().slice(0, 10)}\n`,
  );
  console.log('| milliseconds | p50 | p95 | p99 |\n|---|---|---|---|');
  await measure(ways, false);
  await measure(ways, true);
  memory(stack.local.pid);
  bundles(root);
} finally {
  standalone.child.kill();
  await stack.stop();
  await upstream.close();
  removeProject(root);
}
