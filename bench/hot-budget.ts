/**
 * What happens to calls that want one budget at once: so many callers, each call a reservation, a second of provider and a settlement. The
 * real adapters and SDK talk to a table in this process that keeps AWS's rule: a transaction that meets another one on an item is
 * cancelled. `npm run bench:hot-budget [-- milliseconds a transaction takes]`, about a minute.
 */
import { cpus, loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type HttpRequest, HttpResponse } from '@smithy/core/protocols';
import { dynamoIntentLog } from '#aws/dynamo-intent-log.ts';
import { dynamoLedger } from '#aws/dynamo-ledger.ts';
import type { Hold } from '#core/budget/hold.ts';
import { GatewayError } from '#core/errors.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { sampleEvent, sampleIntent } from '../test/contracts/sample-records.ts';

const SECONDS = 15;
const PROVIDER_MS = 1000;
/** What a refused caller is told to wait. */
const RETRY_AFTER_MS = 1000;
/** Lambda polls a queue with five at first. */
const RECORDERS = 5;
const BATCH = 10;
const POLL_MS = 20;
const RESERVED = 10;
const COST = 5;
const transactionMs = Number(process.argv[2] ?? 10);

const HOLD: Hold = {
  reserved_micros: RESERVED,
  accounts: ['app/hot@2026-11', 'app/hot@2026-11-28'].map((id) => ({
    id,
    limit_micros: 10 ** 12,
    warn_at: [100],
  })),
};

type Values = { readonly [name: string]: { readonly N?: string; readonly S?: string } };

interface Step {
  readonly TableName: string;
  readonly Item?: Values;
  readonly Key?: Values;
  readonly ExpressionAttributeValues?: Values;
}

/** A table that has room for everybody: it holds each transaction for its time and cancels others that touch its items meanwhile. */
function openTable() {
  const busy = new Set<string>();
  const seen = { transactions: 0, conflicts: 0 };
  /** Micro-dollars set aside or spent, over both accounts. */
  let used = 0;

  async function transact(
    steps: readonly Step[],
    signal: AbortSignal | undefined,
  ): Promise<boolean[] | undefined> {
    const items = steps.map(({ TableName, Item, Key }) =>
      JSON.stringify([TableName, (Key ?? Item)?.['pk'], (Key ?? Item)?.['sk']]),
    );
    seen.transactions += 1;
    const met = items.map((item) => busy.has(item));
    if (met.includes(true)) {
      seen.conflicts += 1;
      await wait(transactionMs / 2, undefined, { ...(signal && { signal }) });
      return met;
    }
    for (const item of items) busy.add(item);
    try {
      await wait(transactionMs, undefined, { ...(signal && { signal }) });
    } finally {
      for (const item of items) busy.delete(item);
    }
    for (const { Key, ExpressionAttributeValues: values } of steps)
      if (Key?.['pk']?.S?.startsWith('BUD#')) used += Number((values?.[':micros'] ?? values?.[':used'])?.N);
    return undefined;
  }

  return { seen, transact, used: () => used };
}

type Table = ReturnType<typeof openTable>;

/** The SDK's own client, with the table where the network would be. */
function clientOf(table: Table): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:9',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: {
      async handle(request: HttpRequest, options: { abortSignal?: unknown } = {}) {
        const body = new TextDecoder().decode(request.body as Uint8Array);
        const input = JSON.parse(body) as {
          TransactItems?: { readonly [kind: string]: Step }[];
        };
        const signal = options.abortSignal as AbortSignal | undefined;
        const steps = (input.TransactItems ?? []).flatMap((one) => Object.values(one));
        const met = steps.length > 0 ? await table.transact(steps, signal) : undefined;
        return { response: met ? cancelled(met) : answer(200, {}) };
      },
    },
  });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

/** As DynamoDB says it. */
function cancelled(met: readonly boolean[]): HttpResponse {
  const CancellationReasons = met.map((hit) => ({ Code: hit ? 'TransactionConflict' : 'None' }));
  const __type = 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException';
  return answer(400, { __type, Message: 'cancelled', CancellationReasons });
}

function answer(statusCode: number, body: object): HttpResponse {
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  return new HttpResponse({ statusCode, headers, body: Buffer.from(JSON.stringify(body)) });
}

function endOf(request_id: string): LedgerEvent {
  return sampleEvent({ request_id, budget: HOLD, cost: { micros: COST, price_table: 't' } });
}

/** A refused call is an event too. */
function refusalOf(request_id: string): LedgerEvent {
  const none = { type: 'request.failed', http_status: 503, error_code: 'budget_unavailable' } as const;
  return sampleEvent({ request_id, ...none, cost: { micros: 0, price_table: 't' } });
}

async function run(callers: number): Promise<string> {
  const table = openTable();
  const client = clientOf(table);
  const intents = dynamoIntentLog({ table: 'State', client });
  const tables = { ledgerTable: 'Ledger', stateTable: 'State', retentionDays: 30, environment: 'test' };
  const ledger = dynamoLedger({ ...tables, client });
  const waits: number[] = [];
  const counts = { opened: 0, refused: 0 };
  const again: LedgerEvent[] = [];
  const queue: LedgerEvent[] = [];
  let settled = 0;

  /** One recorder of the few that Lambda starts: batches of up to ten, as the function takes them. */
  async function recorder(open: () => boolean): Promise<void> {
    while (open() || queue.length > 0) {
      const batch = queue.splice(0, BATCH);
      if (batch.length === 0) await wait(POLL_MS);
      const stored = await ledger.appendTogether(batch);
      for (const event of batch) {
        settled += 1;
        if (!stored.has(event.event_id)) await ledger.append(event).catch(() => again.push(event));
      }
    }
  }

  async function caller(end: number): Promise<void> {
    await wait(Math.random() * PROVIDER_MS);
    while (performance.now() < end) {
      const intent = sampleIntent({ hold: HOLD, worstCaseMicros: RESERVED });
      const began = performance.now();
      const opened = await intents.open(intent).then(() => true, refused);
      waits.push(performance.now() - began);
      counts[opened ? 'opened' : 'refused'] += 1;
      await wait(opened ? PROVIDER_MS : RETRY_AFTER_MS);
      queue.push(opened ? endOf(intent.requestId) : refusalOf(intent.requestId));
    }
  }

  const late = monitorEventLoopDelay({ resolution: 1 });
  late.enable();
  const end = performance.now() + SECONDS * 1000;
  let running = true;
  const recorders = Array.from({ length: RECORDERS }, () => recorder(() => running));
  await Promise.all(Array.from({ length: callers }, () => caller(end)));
  running = false;
  late.disable();
  const { transactions, conflicts } = { ...table.seen };
  await Promise.all(recorders);
  // The queue hands these to the recorder again, on AWS three minutes later.
  for (const event of again) await ledger.append(event);
  const spent = counts.opened * COST * HOLD.accounts.length;
  if (table.used() !== spent) throw new Error(`used ${table.used()} and not ${spent}`);

  const sorted = waits.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
  const percent = (part: number, whole: number) => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
  const cells = [
    callers,
    (counts.opened / SECONDS).toFixed(1),
    percent(counts.refused, counts.refused + counts.opened),
    `${at(0.5)} / ${at(0.95)} / ${at(0.99)}`,
    percent(conflicts, transactions),
    percent(again.length, settled),
    `${(late.percentile(50) / 1e6).toFixed(1)} / ${(late.percentile(99) / 1e6).toFixed(1)}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The one way a reservation may fail here. */
function refused(error: unknown): false {
  if (error instanceof GatewayError && error.code === 'budget_unavailable') return false;
  throw error;
}

const HEAD = [
  'callers',
  'calls/s let through',
  'refused with 503',
  'wait for the reservation ms, p50 / p95 / p99',
  'transactions cancelled',
  'settlements given back to the queue',
  'timers late ms, p50 / p99',
];
const [load] = loadavg();
console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, load ${load?.toFixed(0)}, ${new Date().toISOString().slice(0, 10)}; a transaction takes ${transactionMs} ms\n`,
);
console.log(`| ${HEAD.join(' | ')} |\n|${HEAD.map(() => '---|').join('')}`);
for (const callers of [10, 50, 200]) console.log(await run(callers));
process.exit(0);
