/**
 * How long `kt spend report` takes when 100,000 calls are recorded: `npm run bench:spend [-- runs calls]`, about two minutes. The
 * embedded DynamoDB and a journal hold what the recorder and the gateway would have written: the events, and the usage rows that the
 * recorder's own counting makes of them, written at once instead of call by call. Each run is the command as people type it, a
 * process of its own; the ways take turns. Every report is compared with the sum of the events.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoUsageReader } from '#aws/dynamo-usage-reader.ts';
import { ledgerItem } from '#aws/ledger-item.ts';
import { usageAdd } from '#aws/ledger-writes.ts';
import { transact } from '#aws/transact.ts';
import { perRow, usageDelta } from '#core/cost/usage-delta.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { openJournal } from '#local/journal.ts';
import { journalEventSink } from '#local/journal-event-sink.ts';
import { serveHttp } from '#local/serve-http.ts';
import { consoleBench, TOKENS } from '../test/console/console-bench.ts';
import { sampleEvent } from '../test/contracts/sample-records.ts';
import { clientConfig, createLedgerTables, startTestServices } from '../test/support/services.ts';

const [runs, count] = [Number(process.argv[2] ?? 15), Number(process.argv[3] ?? 100_000)];
const [APPS, MODELS, DAYS] = [20, 5, 30];
const AT_ONCE = 16;
const PERIOD = ['--from', '2026-11-01', '--to', '2026-11-30'];

/** Every app asks every model every day, in no order; about one call in a hundred has no known price. */
function call(n: number): LedgerEvent {
  const cell = (n * 7_919) % (APPS * MODELS * DAYS);
  const day = String((cell % DAYS) + 1).padStart(2, '0');
  return sampleEvent({
    app_id: `app-${Math.floor(cell / DAYS / MODELS)}`,
    model_requested: `model-${Math.floor(cell / DAYS) % MODELS}`,
    at: `2026-11-${day}T10:00:00.000Z`,
    cost: { micros: n % 97 === 0 ? null : (n * 7_919) % 100_003, price_table: 'bench' },
  });
}

async function each<T>(all: readonly T[], act: (one: T) => Promise<unknown>) {
  const waiting = all.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const one of waiting) await act(one);
    }),
  );
}

async function put(part: readonly LedgerEvent[]) {
  const Ledger = part.map((event) => ({ PutRequest: { Item: ledgerItem(event, 30) } }));
  await client.send(new BatchWriteCommand({ RequestItems: { Ledger } }));
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}

interface Taken {
  readonly seconds: number;
  /** Of the processes of the command, in seconds; neighbours on the machine do not count. */
  readonly processor: number;
}

/** Each process of the command says at its end how long it had the processor. */
const TELL = `process.on("exit",()=>{const{user,system}=process.cpuUsage();process.stderr.write("cpu "+(user+system)+"\\n")})`;
const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(TELL)}`;

/** One report, which must be the sum of the events. */
async function report(words: readonly string[]): Promise<Taken> {
  const argv = ['bin/kt.js', 'spend', 'report', ...PERIOD, ...words];
  const options = { maxBuffer: 64 * 1024 * 1024, env: { ...process.env, NODE_OPTIONS } };
  const began = performance.now();
  const { stdout, stderr } = await promisify(execFile)(process.execPath, argv, options);
  const seconds = (performance.now() - began) / 1000;
  if (!words.includes('focus')) compare(JSON.parse(stdout).total);
  const micros = [...stderr.matchAll(/^cpu (\d+)$/gm)].reduce((sum, [, used]) => sum + Number(used), 0);
  return { seconds, processor: micros / 1_000_000 };
}

function compare({ calls, cost_micros }: { calls: number; cost_micros: number }): void {
  const micros = events.reduce((sum, { cost }) => sum + (cost.micros ?? 0), 0);
  if (calls !== count || cost_micros !== micros)
    throw new Error(
      `the report says ${calls} calls, ${cost_micros} µ$; recorded were ${count}, ${micros} µ$`,
    );
}

function line(name: string, all: readonly Taken[]): string {
  const at = (share: number, value: (one: Taken) => number) => {
    const sorted = all.map(value).toSorted((a, b) => a - b);
    return (sorted[Math.round((sorted.length - 1) * share)] ?? 0).toFixed(2);
  };
  const wall = [0.5, 0, 1].map((share) => at(share, ({ seconds }) => seconds));
  return `| ${[name, ...wall, at(0.5, ({ processor }) => processor)].join(' | ')} |\n`;
}

process.env['AWS_REGION'] = 'us-east-1';
process.env['AWS_ACCESS_KEY_ID'] = 'local';
process.env['AWS_SECRET_ACCESS_KEY'] = 'local';

const events = Array.from({ length: count }, (_, n) => call(n));
const folder = await mkdtemp(join(tmpdir(), 'kt-bench-'));
const journal = await openJournal(join(folder, 'journal'));
const quiet = { info: () => undefined, error: () => undefined };
await each(events, (event) => journalEventSink(journal, quiet).send(event));
await journal.close();

const { endpoint, close } = await startTestServices();
await createLedgerTables(endpoint);
// No time limit: to record everything at once may take the embedded tables a while.
const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(endpoint)), {
  marshallOptions: { removeUndefinedValues: true },
});
const sums = perRow(events.map(usageDelta));
const tables = { environment: 'bench', ledgerTable: 'Ledger', stateTable: 'State', retentionDays: 30 };
await each(sums, (sum) => transact(client, [usageAdd(tables, sum)]));
await each(chunks(events, 25), (part) => put(part));
process.stderr.write('recorded\n');

const usage = dynamoUsageReader({ table: 'State', client });
const { app } = consoleBench({ usage });
const door = await serveHttp(app, { host: '127.0.0.1', port: 0 });
const fromConsole = ['--console', door.url, '--token', TOKENS.viewer];
const WAYS = {
  'console, by app and model': [...fromConsole, '--format', 'json'],
  'console, by app, model and day': [...fromConsole, '--by', 'app,model,day', '--format', 'json'],
  'console, FOCUS': [...fromConsole, '--format', 'focus'],
  'journal, by app and model': ['--journal', join(folder, 'journal'), '--format', 'json'],
};
const taken = new Map(Object.keys(WAYS).map((name) => [name, [] as Taken[]]));
for (let run = 0; run <= runs; run += 1) {
  for (const [name, words] of Object.entries(WAYS)) {
    const one = await report(words);
    // The first of each fills Node's compile cache.
    if (run > 0) taken.get(name)?.push(one);
  }
}

process.stdout.write(`${count} calls, ${sums.length} daily rows, ${runs} runs; ${cpus().length} cores, `);
process.stdout.write(`${cpus()[0]?.model ?? ''}, load ${loadavg()[0]?.toFixed(1)}\n\n`);
process.stdout.write(
  '| kt spend report | median s | least | most | processor s, median |\n|---|---|---|---|---|\n',
);
for (const [name, all] of taken) process.stdout.write(line(name, all));

await door.close(0);
client.destroy();
await close();
await rm(folder, { recursive: true });
