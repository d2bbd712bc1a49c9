import { ASSUMED, type Bill, billOf, total, unitsOf, waitingOf } from './bill.ts';
import { KINDS, type Measured, type Use } from './measured.ts';
import { add, type Item, LOOKED_UP, PRICES, REGION, type Units, usdOf, usdOfItem } from './prices.ts';

const VOLUMES = [1000, 100_000, 10_000_000];

/** Each month, for ever, by account. */
const FREE: Units = {
  lambdaGbSeconds: 400_000,
  lambdaRequests: 1_000_000,
  sqsRequests: 1_000_000,
  stepTransitions: 4000,
  topicRequests: 1_000_000,
  kmsRequests: 20_000,
  logGb: 5,
  metricMonths: 10,
  alarmMonths: 10,
  traces: 100_000,
  dynamoGbMonths: 25,
  internetGb: 100,
};

/** Rows of the bill; what waits for a provider is a row of its own. */
const ROWS: readonly (readonly [string, readonly Item[]])[] = [
  ['Lambda: own work', ['lambdaGbSeconds', 'lambdaRequests']],
  ['DynamoDB: writes and reads', ['dynamoWrites', 'dynamoReads']],
  ['DynamoDB: kept data and its recovery', ['dynamoGbMonths', 'dynamoRecoveryGbMonths']],
  ['SQS', ['sqsRequests']],
  ['Step Functions', ['stepTransitions']],
  ['EventBridge and SNS', ['busEvents', 'topicRequests']],
  ['CloudWatch: logs', ['logGb', 'logGbMonths']],
  ['CloudWatch: metrics and alarms', ['metricMonths', 'alarmMonths']],
  ['X-Ray', ['traces']],
  ['Secrets Manager and KMS', ['secretMonths', 'secretCalls', 'kmsKeyMonths', 'kmsRequests']],
  ['data out to clients and providers', ['internetGb']],
];

/** The generated parts of docs/cost.md by the name of their marker. */
export function tablesOf(measured: Measured): { readonly [name: string]: string } {
  return {
    bill: billTable(measured),
    call: callTable(measured),
    operations: operationsTable(measured),
    standing: standingTable(measured),
    streams: streamTable(measured),
    prices: pricesTable(),
    run: `Counted on ${measured.date}, ${measured.calls} calls of each kind, ${measured.machine}.`,
  };
}

/** Puts each table between its markers; throws where a marker is missing. */
export function intoPage(page: string, tables: { readonly [name: string]: string }): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const marks = new RegExp(`(<!-- cost:${name} -->\n)[\\s\\S]*?(\n<!-- /cost:${name} -->)`);
    if (!marks.test(text))
      throw new Error(`docs/cost.md has no <!-- cost:${name} --> … <!-- /cost:${name} -->`);
    return text.replace(marks, (_, before: string, after: string) => `${before}${table}${after}`);
  }, page);
}

function billTable(measured: Measured): string {
  const bills = VOLUMES.map((calls) => billOf(measured, calls));
  const rows = ROWS.map(([name, items]) =>
    row(
      name,
      bills.map((bill) => usdOfItems(ownWork(bill), items)),
    ),
  );
  return table(
    ['US dollars a month', ...VOLUMES.map((calls) => `${calls.toLocaleString('en')} calls`)],
    [
      row(
        'Lambda: waiting for providers',
        bills.map(({ waiting }) => usdOf(waiting)),
      ),
      ...rows,
      row(
        '**all**',
        bills.map((bill) => usdOf(total(bill))),
      ),
      row(
        'of it, whether anybody calls or not',
        bills.map(({ standing }) => usdOf(standing)),
      ),
      row(
        'all, less what AWS gives every account',
        bills.map((bill) => usdOf(lessFree(total(bill)))),
      ),
    ],
  );
}

function ownWork({ calls, storage, standing }: Bill): Units {
  return add(add(calls, storage), standing);
}

function usdOfItems(units: Units, items: readonly Item[]): number {
  return items.reduce((sum, item) => sum + usdOfItem(item, units[item] ?? 0), 0);
}

function lessFree(units: Units): Units {
  const left = Object.entries(units).map(([item, amount]) => [
    item,
    Math.max(0, amount - (FREE[item as Item] ?? 0)),
  ]);
  return Object.fromEntries(left) as Units;
}

function callTable({ kinds, cold }: Measured): string {
  const line = (name: string, use: Use, seconds: number) => {
    const own = unitsOf(use);
    const waits = usdOf(waitingOf(use, seconds)) * 1e6;
    const cells = [
      own.dynamoWrites,
      own.dynamoReads,
      own.sqsRequests,
      own.lambdaRequests,
      own.stepTransitions,
    ];
    const money = [usdOf(own) * 1e6, waits].map((usd) => usd.toFixed(2));
    return [name, ...cells.map((cell) => round(cell ?? 0)), String(Math.round(use.logBytes)), ...money];
  };
  return table(
    [
      'a call',
      'write units',
      'read units',
      'SQS',
      'invocations',
      'transitions',
      'log bytes',
      '$ per million, own',
      '$ per million, waiting',
    ],
    [
      ...KINDS.map((kind) => line(kind, kinds[kind], ASSUMED.providerSeconds[kind])),
      line('a new environment adds', cold, 0),
    ],
  );
}

function operationsTable({ kinds }: Measured): string {
  const names = new Map<string, string[]>();
  for (const kind of KINDS)
    for (const { component, name } of kinds[kind].operations)
      names.set(`${component}|${name}`, [component, name]);
  const rows = [...names.values()].sort().map(([component, name]) => {
    const cells = KINDS.map((kind) => {
      const found = kinds[kind].operations.find((one) => one.component === component && one.name === name);
      if (!found) return '';
      const units = found.reads + found.writes;
      return units > 0 ? `${round(found.times)} (${round(units)})` : round(found.times);
    });
    return [component ?? '', name ?? '', ...cells];
  });
  return table(['function', 'operation', ...KINDS], rows);
}

function standingTable(measured: Measured): string {
  const { standing } = billOf(measured, 0);
  const rows = (Object.keys(standing) as Item[])
    .map((item) => [PRICES[item].unit, standing[item] ?? 0, usdOfItem(item, standing[item] ?? 0)] as const)
    .filter(([, , usd]) => usd >= 0.005)
    .sort((a, b) => b[2] - a[2])
    .map(([unit, amount, usd]) => [
      unit,
      amount.toLocaleString('en', { maximumFractionDigits: 1 }),
      usd.toFixed(2),
    ]);
  return table(['what stands there', 'a month', '$'], rows);
}

function streamTable({ kinds }: Measured): string {
  const sizes = [512, 1024, 1769];
  const usd = (seconds: number, mb: number) => usdOf({ lambdaGbSeconds: (mb / 1024) * seconds }) * 1e6;
  const rows = [2, 8, 30, 60].map((seconds) => [
    `${seconds} s`,
    ...sizes.map((mb) => usd(seconds, mb).toFixed(0)),
    (usdOf(unitsOf(kinds.streamed)) * 1e6).toFixed(2),
  ]);
  return table(['a stream of', ...sizes.map((mb) => `$ per million at ${mb} MB`), 'everything else'], rows);
}

function pricesTable(): string {
  const rows = Object.values(PRICES).map(({ usd, per, unit, source }) => [
    per === 1 ? unit : `${per.toLocaleString('en')} ${unit}`,
    String(usd),
    source,
  ]);
  return `${REGION}, looked up ${LOOKED_UP}:\n\n${table(['for', '$', 'source'], rows)}`;
}

function row(name: string, dollars: readonly number[]): string[] {
  return [
    name,
    ...dollars.map((usd) => usd.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })),
  ];
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
