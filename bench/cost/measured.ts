/** What one kind of call used, per call. */
export interface Use {
  /** Component and operation → how often, with its DynamoDB units. */
  readonly operations: readonly Operation[];
  readonly functions: readonly FunctionUse[];
  readonly logBytes: number;
  /** Bytes answered to the client, and sent to the provider. */
  readonly answerBytes: number;
  readonly promptBytes: number;
  readonly transitions: number;
}

interface Operation {
  readonly component: string;
  /** `DynamoDB PutItem Ledger`, `SQS SendMessage`, … */
  readonly name: string;
  readonly times: number;
  readonly reads: number;
  readonly writes: number;
  /** Bytes left in the table, its indexes and DynamoDB's overhead included. */
  readonly stored: number;
}

interface FunctionUse {
  readonly component: string;
  readonly memoryMb: number;
  readonly times: number;
  /** Billed milliseconds of one invocation on this machine, median. */
  readonly ms: number;
}

/** What the synthesized templates hold that costs by the month. */
export interface Standing {
  readonly kmsKeys: number;
  readonly secrets: number;
  readonly alarms: number;
  readonly eventSources: number;
  /** Scheduled invocations of functions in a month. */
  readonly scheduledRuns: number;
}

export const KINDS = ['plain', 'budgeted', 'streamed', 'blocked', 'held'] as const;
export type Kind = (typeof KINDS)[number];

/** What `npm run cost` counted, as it stands in measured.json. */
export interface Measured {
  readonly date: string;
  readonly machine: string;
  readonly calls: number;
  readonly kinds: { readonly [kind in Kind]: Use };
  /** The first call of a new execution environment; only what it adds to a plain one. */
  readonly cold: Use;
  readonly sweep: Use;
  /** Custom metrics that the calls above made. */
  readonly metrics: number;
  readonly standing: Standing;
}
