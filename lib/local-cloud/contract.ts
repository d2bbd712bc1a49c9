/** The seams inside the embedded cloud: what the services need from the Lambda host, and the reverse. */

export type InvokeResult =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly errorType: string; readonly errorMessage: string };

/** Invokes a function by name or ARN, as the Invoke API and Step Functions do. */
export interface LambdaInvoker {
  invoke(functionNameOrArn: string, payload: unknown): Promise<InvokeResult>;
}

/** One event as a bus of EventBridge hands it to its rules. */
export interface BusEvent {
  readonly id: string;
  readonly bus: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly time: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface ServicesOptions {
  /** Where state is kept (dynalite folder, JSON journals); undefined = in memory. */
  readonly dataDir?: string;
  /** 0 = any free port. Binds 127.0.0.1 only. */
  readonly port?: number;
  readonly region?: string;
  readonly account?: string;
  /** Milliseconds between two sweeps for expired DynamoDB items; default one minute. */
  readonly ttlSweepMs?: number;
  /** Hears every event that a bus took; the laptop has no other subscriber. */
  readonly onBusEvent?: (event: BusEvent) => void;
}

/** DynamoDB, SQS, Secrets Manager, EventBridge, Step Functions and Lambda Invoke on one loopback port, told apart by `X-Amz-Target`. */
export interface Services {
  /** `http://127.0.0.1:<port>`, to be given to SDK clients as `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  /** Set by the Lambda host before the first state machine runs. */
  setInvoker(invoker: LambdaInvoker): void;
  close(): Promise<void>;
}
