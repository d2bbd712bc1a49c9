import type { Use } from './measured.ts';
import type { Metered } from './meter.ts';

const SERVICES: { readonly [target: string]: string } = {
  DynamoDB_20120810: 'DynamoDB',
  AmazonSQS: 'SQS',
  secretsmanager: 'Secrets Manager',
  AWSStepFunctions: 'Step Functions',
  AWSEvents: 'EventBridge',
};
/** What Lambda writes around an invocation and this machine does not: START and END, by their length. */
const FRAME_BYTES = 130;
/** CloudWatch counts this for each line. */
const LINE_BYTES = 26;

/** Sums up what happens between two `reset`s. */
export function openTally() {
  let operations = new Map<string, { times: number; reads: number; writes: number; stored: number }>();
  let times = new Map<string, number[]>();
  let logBytes = 0;
  let last = performance.now();
  const metrics = new Set<string>();

  return {
    metrics,
    reset(): void {
      operations = new Map();
      times = new Map();
      logBytes = 0;
    },
    /** Milliseconds in which nothing happened. */
    quiet: () => performance.now() - last,
    call(component: string, { target, table, reads, writes, stored }: Metered): void {
      last = performance.now();
      const key = `${component}|${nameOf(target, table)}`;
      const sum = operations.get(key) ?? { times: 0, reads: 0, writes: 0, stored: 0 };
      sum.times += 1;
      sum.reads += reads;
      sum.writes += writes;
      sum.stored += stored;
      operations.set(key, sum);
    },
    line(component: string, text: string): void {
      last = performance.now();
      logBytes += Buffer.byteLength(text) + LINE_BYTES;
      const ms = /^REPORT .*\tBilled Duration: (\d+) ms/.exec(text)?.[1];
      if (ms !== undefined) {
        logBytes += FRAME_BYTES;
        times.set(component, [...(times.get(component) ?? []), Number(ms)]);
      }
      for (const metric of metricsOf(text)) metrics.add(metric);
    },
    /** Per call, without what runs by itself. */
    use(
      calls: number,
      memoryOf: (component: string) => number,
      without: readonly string[],
    ): Omit<Use, 'answerBytes' | 'promptBytes' | 'transitions'> {
      return {
        operations: [...operations].flatMap(([key, sum]) => {
          const [component = '', name = ''] = key.split('|');
          if (without.includes(component)) return [];
          const { times: count, reads, writes, stored } = sum;
          const per = { times: count / calls, reads: reads / calls, writes: writes / calls };
          return [{ component, name, ...per, stored: Math.round(stored / calls) }];
        }),
        functions: [...times].flatMap(([component, all]) =>
          without.includes(component)
            ? []
            : [{ component, memoryMb: memoryOf(component), times: all.length / calls, ms: median(all) }],
        ),
        logBytes: Math.round(logBytes / calls),
      };
    },
  };
}

function nameOf(target: string, table: string | undefined): string {
  if (target.includes('/functions/')) return 'Lambda Invoke';
  const [service = '', operation = ''] = target.split('.');
  const kind = /Ledger|State|Content/.exec(table ?? '')?.[0];
  return [SERVICES[service] ?? service, operation, kind].filter(Boolean).join(' ');
}

/** The metrics that a line in embedded metric format makes, each with its dimensions. */
function metricsOf(text: string): string[] {
  if (!text.includes('"CloudWatchMetrics"')) return [];
  const line = JSON.parse(text) as {
    _aws: { CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string }[] }[] };
    [name: string]: unknown;
  };
  return line._aws.CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.map(({ Name }) => JSON.stringify([Name, ...names.map((name) => [name, line[name]])])),
    ),
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
