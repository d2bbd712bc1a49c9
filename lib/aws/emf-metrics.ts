import { METRICS, type MetricKind, type MetricName } from '#core/metrics/catalogue.ts';
import type { Clock, Metrics } from '#core/ports.ts';
import { systemClock } from './system-clock.ts';

export interface EmfOptions {
  /** A dimension of every metric. */
  readonly environment: string;
  /** Gets one whole line, with its line feed. Default: standard output, which Lambda keeps. */
  readonly write?: (line: string) => void;
  readonly clock?: Clock;
}

/** One value of a metric under one set of dimensions. */
interface Sample {
  readonly metric: NonNullable<MetricKind['cloudWatch']>;
  readonly labels: Readonly<Record<string, string>>;
  readonly by: readonly string[];
  readonly value: number;
}

const NAMESPACE = 'Keeptrusts';
/** CloudWatch takes 100 values of one metric in one document. */
const MAX_SAMPLES = 100;

/**
 * Metrics as lines of the log, which CloudWatch reads (embedded metric format): no call, no latency, no permission.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function emfMetrics(options: EmfOptions): Metrics {
  const { environment, write = toStandardOutput, clock = systemClock } = options;
  let samples: Sample[] = [];

  function keep(name: MetricName, labels: Readonly<Record<string, string>>, value: number): void {
    const { cloudWatch: metric }: MetricKind = METRICS[name];
    if (!metric) return;
    for (const by of metric.by) samples.push({ metric, labels, by, value });
    if (samples.length >= MAX_SAMPLES) flush();
  }
  function flush(): void {
    const documents = intoDocuments(samples, { timestamp: clock.now(), environment });
    samples = [];
    for (const document of documents) write(`${JSON.stringify(document)}\n`);
  }

  return {
    count: (name, labels, by = 1) => keep(name, labels, by),
    observe: (name, labels, value) => keep(name, labels, value),
    set: (name, labels, value) => keep(name, labels, value),
    flush,
  };
}

/** Values under one set of dimensions. */
interface Group {
  readonly by: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Metric name → values. */
  readonly values: Record<string, number[]>;
  readonly units: Record<string, string>;
}

interface Head {
  readonly timestamp: number;
  readonly environment: string;
}

/** As few documents as possible: a document has one value per dimension and one list per metric. */
function intoDocuments(samples: readonly Sample[], head: Head): object[] {
  const documents: Group[][] = [];
  for (const group of intoGroups(samples)) {
    const fitting = documents.find((groups) => groups.every((other) => together(group, other)));
    if (fitting) fitting.push(group);
    else documents.push([group]);
  }
  return documents.map((groups) => documentOf(groups, head));
}

function intoGroups(samples: readonly Sample[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { metric, labels: all, by, value } of samples) {
    const labels = Object.fromEntries(by.map((label) => [label, all[label] ?? '']));
    const key = JSON.stringify(labels);
    const group = groups.get(key) ?? { by, labels, values: {}, units: {} };
    groups.set(key, group);
    group.values[metric.name] = [...(group.values[metric.name] ?? []), value];
    group.units[metric.name] = metric.unit;
  }
  return [...groups.values()];
}

function together(one: Group, other: Group): boolean {
  const agree = (a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>) =>
    Object.keys(a).every((name) => !(name in b) || JSON.stringify(a[name]) === JSON.stringify(b[name]));
  return agree(one.labels, other.labels) && agree(one.values, other.values);
}

function documentOf(groups: readonly Group[], { timestamp, environment }: Head): object {
  const directives = groups.map(({ by, units }) => ({
    Namespace: NAMESPACE,
    Dimensions: [['environment', ...by]],
    Metrics: Object.entries(units).map(([Name, Unit]) => ({ Name, Unit })),
  }));
  return Object.assign(
    { _aws: { Timestamp: timestamp, CloudWatchMetrics: directives }, environment },
    ...groups.map(({ labels }) => labels),
    ...groups.map(({ values }) => values),
  );
}

function toStandardOutput(line: string): void {
  process.stdout.write(line);
}
