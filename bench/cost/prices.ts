/** One line of a price list: `usd` for `per` units. */
interface Price {
  readonly usd: number;
  readonly per: number;
  readonly unit: string;
  readonly source: string;
}

/** Every price is of this region, on demand, first tier, without free tier. */
export const REGION = 'us-east-1';
/** When the sources below were read; the pages themselves are older copies. */
export const LOOKED_UP = '2026-11-28';

const AWS_PAGE = 'stored copy of the AWS price page';
const ARTICLE = 'third-party article that quotes AWS';
const UNVERIFIED = 'remembered, **not verified**';

export const PRICES = {
  lambdaGbSeconds: {
    usd: 0.0000133334,
    per: 1,
    unit: 'Lambda GB-second, arm64',
    source: `${ARTICLE} (cloudchipr.com)`,
  },
  lambdaRequests: { usd: 0.2, per: 1e6, unit: 'Lambda invocations', source: UNVERIFIED },
  dynamoWrites: {
    usd: 0.625,
    per: 1e6,
    unit: 'DynamoDB write request units',
    source: `${ARTICLE} (airbyte.com)`,
  },
  dynamoReads: {
    usd: 0.125,
    per: 1e6,
    unit: 'DynamoDB read request units',
    source: `${ARTICLE} (airbyte.com)`,
  },
  dynamoGbMonths: { usd: 0.25, per: 1, unit: 'GB-month in DynamoDB', source: UNVERIFIED },
  dynamoRecoveryGbMonths: {
    usd: 0.2,
    per: 1,
    unit: 'GB-month with point-in-time recovery',
    source: UNVERIFIED,
  },
  sqsRequests: { usd: 0.4, per: 1e6, unit: 'SQS requests of 64 KB', source: `${ARTICLE} (cloudburn.io)` },
  stepTransitions: {
    usd: 0.025,
    per: 1000,
    unit: 'Step Functions state transitions',
    source: `${AWS_PAGE} (step-functions/pricing)`,
  },
  busEvents: { usd: 1, per: 1e6, unit: 'EventBridge custom events', source: `${ARTICLE} (wring.co)` },
  topicRequests: {
    usd: 0.5,
    per: 1e6,
    unit: 'SNS requests',
    source: `${ARTICLE} (factualminds.com)`,
  },
  secretMonths: { usd: 0.4, per: 1, unit: 'secret-month', source: `${ARTICLE} (hivebook.wiki)` },
  secretCalls: {
    usd: 0.05,
    per: 10_000,
    unit: 'Secrets Manager calls',
    source: `${ARTICLE} (hivebook.wiki)`,
  },
  kmsKeyMonths: { usd: 1, per: 1, unit: 'KMS key-month', source: `${AWS_PAGE} (kms/pricing)` },
  kmsRequests: { usd: 0.03, per: 10_000, unit: 'KMS requests', source: `${ARTICLE} (wring.co)` },
  logGb: { usd: 0.5, per: 1, unit: 'GB of logs taken in', source: `${ARTICLE} (factualminds.com)` },
  logGbMonths: { usd: 0.03, per: 1, unit: 'GB-month of logs kept', source: UNVERIFIED },
  metricMonths: { usd: 0.3, per: 1, unit: 'custom metric-month', source: `${ARTICLE} (signoz.io)` },
  alarmMonths: { usd: 0.1, per: 1, unit: 'alarm-month', source: UNVERIFIED },
  traces: { usd: 5, per: 1e6, unit: 'X-Ray traces', source: `${AWS_PAGE} (xray/pricing)` },
  internetGb: { usd: 0.09, per: 1, unit: 'GB out to the internet', source: `${ARTICLE} (unanswered.io)` },
} as const satisfies Readonly<Record<string, Price>>;

export type Item = keyof typeof PRICES;

/** How many units of each item: of one call, or of a month. */
export type Units = { readonly [item in Item]?: number };

export function usdOf(units: Units): number {
  return (Object.keys(units) as Item[]).reduce((sum, item) => sum + usdOfItem(item, units[item] ?? 0), 0);
}

export function usdOfItem(item: Item, amount: number): number {
  return (amount / PRICES[item].per) * PRICES[item].usd;
}

/** `a + b × factor`, item by item. */
export function add(a: Units, b: Units, factor = 1): Units {
  const sum: { [item in Item]?: number } = { ...a };
  for (const item of Object.keys(b) as Item[]) sum[item] = (sum[item] ?? 0) + (b[item] ?? 0) * factor;
  return sum;
}
