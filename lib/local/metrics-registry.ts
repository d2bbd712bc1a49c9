import { type LabelsOf, METRICS, type MetricKind, type MetricName } from '#core/metrics/catalogue.ts';
import type { Metrics } from '#core/ports.ts';

/** One line of figures; of a histogram `buckets` counts per upper bound, the last one without bound. */
export interface Series {
  readonly labels: readonly string[];
  value: number;
  readonly count?: number;
  readonly buckets?: number[];
}

/** All figures of one process, as plain data: they can be sent to another process and added to its own. */
export type Snapshot = { readonly [N in MetricName]?: readonly Series[] };

export interface MetricsRegistry extends Metrics {
  snapshot(): Snapshot;
}

/** A metric with more series than this lumps the further ones together under `other`. */
const MAX_SERIES = 2000;
const OTHER = 'other';
const MAX_LABEL = 120;

interface Kept {
  readonly labels: readonly string[];
  value: number;
  count: number;
  readonly buckets: number[];
}

export function metricsRegistry(): MetricsRegistry {
  const all = new Map<MetricName, Map<string, Kept>>();

  function series(name: MetricName, labels: LabelsOf<MetricName>): Kept {
    const kind: MetricKind = METRICS[name];
    const known = all.get(name) ?? new Map<string, Kept>();
    all.set(name, known);
    const values = kind.labels.map((label) =>
      String(labels[label as keyof typeof labels]).slice(0, MAX_LABEL),
    );
    return seriesOf(known, values, kind.buckets?.length);
  }

  return {
    count(name, labels, by = 1) {
      series(name, labels as LabelsOf<MetricName>).value += by;
    },
    observe(name, labels, value) {
      const kind: MetricKind = METRICS[name];
      const kept = series(name, labels as LabelsOf<MetricName>);
      const at = kind.buckets?.findIndex((bound) => value <= bound) ?? -1;
      kept.value += value;
      kept.count += 1;
      const bucket = at === -1 ? kept.buckets.length - 1 : at;
      kept.buckets[bucket] = (kept.buckets[bucket] ?? 0) + 1;
    },
    set(name, labels, value) {
      series(name, labels as LabelsOf<MetricName>).value = value;
    },
    flush() {
      // Whoever asks gets the figures of that moment.
    },
    snapshot() {
      const entries = [...all].map(([name, known]) => [name, [...known.values()]] as const);
      return structuredClone(Object.fromEntries(entries)) as Snapshot;
    },
  };
}

function seriesOf(known: Map<string, Kept>, values: readonly string[], bounds: number | undefined): Kept {
  const key = values.join('\0');
  const found = known.get(key);
  if (found) return found;
  if (known.size >= MAX_SERIES && values.some((value) => value !== OTHER)) {
    return seriesOf(
      known,
      values.map(() => OTHER),
      bounds,
    );
  }
  const buckets = bounds === undefined ? [] : new Array<number>(bounds + 1).fill(0);
  const kept = { labels: values, value: 0, count: 0, buckets };
  known.set(key, kept);
  return kept;
}

/** The figures of several processes together. */
export function addSnapshots(snapshots: readonly Snapshot[]): Snapshot {
  const names = new Set(snapshots.flatMap((snapshot) => Object.keys(snapshot) as MetricName[]));
  const added = [...names].map((name) => [name, addSeries(snapshots.flatMap((each) => each[name] ?? []))]);
  return Object.fromEntries(added);
}

function addSeries(series: readonly Series[]): Series[] {
  const sums = new Map<string, Kept>();
  for (const { labels, value, count = 0, buckets = [] } of series) {
    const key = labels.join('\0');
    const sum = sums.get(key);
    if (!sum) {
      sums.set(key, { labels, value, count, buckets: [...buckets] });
      continue;
    }
    sum.value += value;
    sum.count += count;
    for (const [i, n] of buckets.entries()) sum.buckets[i] = (sum.buckets[i] ?? 0) + n;
  }
  return [...sums.values()];
}
