/** What a door knows about a call besides the request itself. */
export interface CallContext {
  /** Epoch milliseconds after which the door is killed; the app stops itself before. */
  readonly deadline: number;
  readonly sourceIp?: string;
}

/**
 * One shape, three doors (docs/architecture.md). The response's body never errors and ends only after everything that
 * must be durable is durable; a door may simply copy it. `request.signal` aborts when the client leaves, where the door can
 * see that (Lambda cannot).
 */
export type App = (request: Request, context: CallContext) => Promise<Response>;
