/**
 * How long the Events page takes until its rows are painted, before and after 100,000 events are in the ledger: `npm run bench:page
 * [-- runs events]`, about four minutes. The stack runs as `npm start` boots it; the events are written into its Ledger table as the
 * recorder writes them, spread over the last day. Each run is a new browser context without a cache. Times are of the page's own
 * clock, from its navigation: to the first content, and to the frame after the rows were put in.
 */
import { cpus, loadavg } from 'node:os';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Browser } from 'playwright-core';
import { ulid } from 'ulid';
import { createDocumentClient } from '#aws/dynamo-client.ts';
import { dayMarker, ledgerItem } from '#aws/ledger-item.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { sampleEvent } from '../test/contracts/sample-records.ts';
import { launchBrowser, rowsPainted, watchRows } from '../test/support/browser.ts';
import { makeProject, removeProject, type Stack, startStack } from '../test/support/stack.ts';

const [runs, count] = [Number(process.argv[2] ?? 15), Number(process.argv[3] ?? 100_000)];
const [APPS, MODELS] = [20, 5];
const DAY_MS = 24 * 60 * 60 * 1000;
const SMALL = 50;
const AT_ONCE = 8;
const PART = 25;

/** A call of the last 23 hours, the newest last. */
function call(n: number, now: number): LedgerEvent {
  const began = now - Math.round(((count - n) / count) * DAY_MS * 0.95);
  return sampleEvent({
    event_id: ulid(began + 1_200),
    app_id: `app-${(n * 7_919) % APPS}`,
    model_requested: `model-${n % MODELS}`,
    verdict: n % 9 ? 'allowed' : 'blocked',
    at: new Date(began).toISOString(),
    ended_at: new Date(began + 1_200).toISOString(),
  });
}

async function fill({ local }: Stack): Promise<void> {
  const client = createDocumentClient(local.awsEndpoint);
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const table = TableNames.find((name) => /ledger/i.test(name));
  if (table === undefined) throw new Error(`no Ledger table among ${TableNames.join(', ')}`);
  const now = Date.now();
  const marked = new Map<string, Record<string, unknown>>();
  let next = 0;
  const write = async () => {
    while (next < count) {
      const first = next;
      next += PART;
      const events = Array.from({ length: Math.min(PART, count - first) }, (_, n) => call(first + n, now));
      for (const event of events)
        marked.set(`${event.app_id} ${event.at.slice(0, 10)}`, dayMarker(event, 30));
      const puts = events.map((event) => ({ PutRequest: { Item: ledgerItem(event, 30) } }));
      await client.send(new BatchWriteCommand({ RequestItems: { [table]: puts } }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, write));
  for (const Item of marked.values()) await client.send(new PutCommand({ TableName: table, Item }));
  client.destroy();
}

async function ask({ local }: Stack): Promise<void> {
  const response = await fetch(`${local.gatewayUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${local.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello.' }] }),
  });
  await response.text();
}

interface Painted {
  readonly content: number;
  readonly rows: number;
}

async function look(browser: Browser, { local }: Stack): Promise<Painted> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript(`sessionStorage.setItem('keeptrusts.console-token', '${local.viewerToken}')`);
  await watchRows(page);
  await page.goto(`${local.consoleUrl.replace(/\/$/, '')}/#/events`);
  const rows = await rowsPainted(page);
  const content = await page.evaluate<number>(
    "performance.getEntriesByName('first-contentful-paint')[0].startTime",
  );
  await context.close();
  return { content, rows };
}

async function measure(name: string, browser: Browser, stack: Stack): Promise<void> {
  await look(browser, stack);
  const all: Painted[] = [];
  for (let run = 0; run < runs; run += 1) all.push(await look(browser, stack));
  for (const [what, value] of [
    ['first content', ({ content }: Painted) => content],
    ['rows painted', ({ rows }: Painted) => rows],
  ] as const) {
    const sorted = all.map(value).toSorted((a, b) => a - b);
    const at = (share: number) => (sorted[Math.round((sorted.length - 1) * share)] ?? 0).toFixed(0);
    process.stdout.write(`| ${[name, what, at(0.5), at(0), at(0.9), at(1)].join(' | ')} |\n`);
  }
}

process.env['AWS_REGION'] = 'eu-central-1';
process.env['AWS_ACCESS_KEY_ID'] = 'local';
process.env['AWS_SECRET_ACCESS_KEY'] = 'local';

const root = makeProject();
const stack = await startStack(root);
const browser = await launchBrowser();
try {
  for (let n = 0; n < SMALL; n += 1) await ask(stack);
  process.stdout.write(`${runs} runs; ${cpus().length} cores, ${cpus()[0]?.model ?? ''}, `);
  process.stdout.write(`load ${loadavg()[0]?.toFixed(1)}\n\n`);
  process.stdout.write('| events | until | median ms | least | 90 % | most |\n|---|---|---|---|---|---|\n');
  await measure(`${SMALL}`, browser, stack);
  await fill(stack);
  await measure(`${count}`, browser, stack);
} finally {
  await browser.close();
  await stack.stop();
  removeProject(root);
}
