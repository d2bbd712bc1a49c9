import { METRICS, type MetricKind, type MetricName } from '#core/metrics/catalogue.ts';
import type { Series, Snapshot } from './metrics-registry.ts';

/** A figure that is read when somebody asks. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly values: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[];
}

export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * The Prometheus text format, 0.0.4.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function prometheusText(snapshot: Snapshot, gauges: readonly Gauge[]): string {
  const counted = (Object.keys(METRICS) as MetricName[]).flatMap((name) =>
    metric(name, snapshot[name] ?? []),
  );
  return `${[...counted, ...gauges.flatMap(gauge)].join('\n')}\n`;
}

function metric(name: MetricName, series: readonly Series[]): string[] {
  const kind: MetricKind = METRICS[name];
  const head = [`# HELP ${name} ${escapeHelp(kind.help)}`, `# TYPE ${name} ${kind.type}`];
  const lines = series.flatMap((each) => {
    const labels = kind.labels.map((label, i) => [label, each.labels[i] ?? ''] as const);
    return kind.buckets
      ? histogram(name, labels, each, kind.buckets)
      : [`${name}${braces(labels)} ${each.value}`];
  });
  return [...head, ...lines];
}

type Labels = readonly (readonly [string, string])[];

function histogram(name: string, labels: Labels, series: Series, bounds: readonly number[]): string[] {
  let below = 0;
  const buckets = [...bounds.map(String), '+Inf'].map((bound, i) => {
    below += series.buckets?.[i] ?? 0;
    return `${name}_bucket${braces([...labels, ['le', bound]])} ${below}`;
  });
  return [
    ...buckets,
    `${name}_sum${braces(labels)} ${series.value}`,
    `${name}_count${braces(labels)} ${series.count}`,
  ];
}

function gauge({ name, help, values }: Gauge): string[] {
  const lines = values.map(({ labels = {}, value }) => `${name}${braces(Object.entries(labels))} ${value}`);
  return [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} gauge`, ...lines];
}

function braces(labels: Labels): string {
  if (labels.length === 0) return '';
  return `{${labels.map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(',')}}`;
}

function escapeHelp(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replace(/"/g, '\\"');
}
