import type { AwsClients, Place } from './aws-clients.ts';
import type { BusEvent } from './contract.ts';
import type { DeclaredFunction, FunctionOutline } from './resources/functions.ts';

export interface CloudOptions {
  /** Folder of the synthesized cloud assembly, usually `cdk.out`. */
  readonly assembly: string;
  readonly environment: string;
  /** Where state is kept; undefined = in memory. */
  readonly dataDir?: string;
  /** Address that function URLs listen on. */
  readonly host: string;
  /** The port for a function's URL; 0 = any free port. */
  port(fn: FunctionOutline): number;
  /** Execution environments of a function: at most, kept warm, and how long the others wait for work. */
  size(fn: DeclaredFunction): { max: number; warm: number; idleMs: number };
  /** Variables a function gets besides its own and the SDK's. */
  variables(fn: DeclaredFunction): Readonly<Record<string, string>>;
  /** Something was announced on an event bus. */
  onBusEvent?(event: BusEvent): void;
  onOutput(functionName: string, line: string): void;
  /** Something went wrong behind a call; one line without content. */
  onFailure(line: string): void;
}

export interface Cloud {
  readonly place: Place;
  readonly clients: AwsClients;
  readonly functions: readonly DeclaredFunction[];
  /** Function name → URL without a slash at the end. */
  readonly urls: ReadonlyMap<string, string>;
  /** `3 tables, 2 queues, …`. */
  readonly summary: string;
  /** Types of the templates that nothing stands in for, with counts. */
  readonly skipped: readonly string[];
  /** New invocations see these variables too. */
  recycle(variables: Readonly<Record<string, string>>): void;
  close(): Promise<void>;
}
