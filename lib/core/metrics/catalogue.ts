/** One kind of measurement. Labels have few values each: names from packs and codes, never an end user, a text or an id of a call. */
export interface MetricKind {
  readonly type: 'counter' | 'histogram' | 'gauge';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of the histogram. */
  readonly buckets?: readonly number[];
  /** How CloudWatch gets it; undefined = not at all. Each entry of `by` is one set of dimensions beside the environment's. */
  readonly cloudWatch?: {
    readonly name: string;
    readonly unit: 'Count' | 'Seconds' | 'None';
    readonly by: readonly (readonly string[])[];
  };
}

const CALL_SECONDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const POLICY_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5];

/** Everything that is counted, by the name Prometheus shows. */
export const METRICS = {
  keeptrusts_requests_total: {
    type: 'counter',
    help: 'Model calls that ended, by how they ended.',
    labels: ['app', 'route', 'status', 'verdict'],
    cloudWatch: { name: 'Requests', unit: 'Count', by: [[], ['app'], ['verdict']] },
  },
  keeptrusts_http_responses_total: {
    type: 'counter',
    help: 'Answers of the gateway by status, also those before a call began (401, 404, 503).',
    labels: ['status'],
    cloudWatch: { name: 'Responses', unit: 'Count', by: [['status']] },
  },
  keeptrusts_request_seconds: {
    type: 'histogram',
    help: 'From the arrival of a call to its end.',
    labels: ['route', 'stream'],
    buckets: CALL_SECONDS,
    cloudWatch: { name: 'Duration', unit: 'Seconds', by: [[]] },
  },
  keeptrusts_first_byte_seconds: {
    type: 'histogram',
    help: 'From the arrival of a call to the first byte of its answer.',
    labels: ['route', 'stream'],
    buckets: CALL_SECONDS,
    cloudWatch: { name: 'FirstByte', unit: 'Seconds', by: [[]] },
  },
  keeptrusts_provider_attempts_total: {
    type: 'counter',
    help: 'Calls to providers by target and HTTP status, or why there was none.',
    labels: ['target', 'status'],
    cloudWatch: { name: 'ProviderAttempts', unit: 'Count', by: [['target', 'status']] },
  },
  keeptrusts_provider_seconds: {
    type: 'histogram',
    help: 'How long a provider took to begin its answer or to fail.',
    labels: ['target'],
    buckets: CALL_SECONDS,
    cloudWatch: { name: 'ProviderDuration', unit: 'Seconds', by: [['target']] },
  },
  keeptrusts_circuit_open: {
    type: 'gauge',
    help: 'How many processes leave this target alone because it failed too often.',
    labels: ['target'],
    cloudWatch: { name: 'CircuitOpen', unit: 'Count', by: [['target']] },
  },
  keeptrusts_policy_seconds: {
    type: 'histogram',
    help: 'Time of one policy in one phase of a call.',
    labels: ['policy', 'phase'],
    buckets: POLICY_SECONDS,
  },
  keeptrusts_policy_actions_total: {
    type: 'counter',
    help: 'What policies decided.',
    labels: ['policy', 'phase', 'action'],
  },
  keeptrusts_policy_errors_total: {
    type: 'counter',
    help: 'Policies that failed, so that on_error decided.',
    labels: ['policy', 'phase'],
    cloudWatch: { name: 'PolicyErrors', unit: 'Count', by: [['policy']] },
  },
  keeptrusts_tokens_total: {
    type: 'counter',
    help: 'Tokens that providers counted, or estimates of them.',
    labels: ['app', 'model', 'kind'],
    cloudWatch: { name: 'Tokens', unit: 'Count', by: [[]] },
  },
  keeptrusts_cost_micros_total: {
    type: 'counter',
    help: 'Cost in micro-dollars.',
    labels: ['app', 'model'],
    cloudWatch: { name: 'CostMicros', unit: 'None', by: [[], ['app']] },
  },
  keeptrusts_unpriced_total: {
    type: 'counter',
    help: 'Calls whose price is not known; their cost is in no other figure.',
    labels: ['app', 'model'],
    cloudWatch: { name: 'Unpriced', unit: 'Count', by: [[]] },
  },
  keeptrusts_events_total: {
    type: 'counter',
    help: 'Events by where they became durable; log = nowhere else.',
    labels: ['type', 'tier'],
    cloudWatch: { name: 'Events', unit: 'Count', by: [['tier']] },
  },
} as const satisfies Readonly<Record<string, MetricKind>>;

export type MetricName = keyof typeof METRICS;
export type CounterName = NamesOf<'counter'>;
export type HistogramName = NamesOf<'histogram'>;
export type GaugeName = NamesOf<'gauge'>;

type NamesOf<T extends MetricKind['type']> = {
  [N in MetricName]: (typeof METRICS)[N]['type'] extends T ? N : never;
}[MetricName];

/** The labels of a metric, all of them. */
export type LabelsOf<N extends MetricName> = Readonly<Record<(typeof METRICS)[N]['labels'][number], string>>;
