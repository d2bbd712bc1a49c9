import type { Usage } from '#core/cost/usage.ts';
import type { JsonObject } from '#core/json.ts';
import type { Governance } from '#core/openai/governance.ts';
import type { Target } from '#core/pack/pack.ts';
import type { Attachment, Operation } from '#providers/provider.ts';
import type { AnswerFormat } from './answer-format.ts';

/**
 * One kind of model call: all that is not the same for every route. Authentication, limits, held answers, the input chain, the intent,
 * the provider, the record and failures are the pipeline's (serve-exchange.ts).
 */
export interface ModelRoute {
  /** Without `/v1`. */
  readonly path: string;
  readonly operation: Operation;
  readonly governance: Governance;
  /** A policy's words look like an answer where the app wants that, or are always an error. */
  readonly notices: 'as-configured' | 'error';
  readonly streams: boolean;
  /** The route takes a form with one file, and these fields; JSON when absent. */
  readonly form?: readonly string[];
  /** Asked for when the client names none. */
  readonly defaultModel?: string;
  /** How text of an answer is written, also our own; absent where answers hold no text. */
  readonly format?: AnswerFormat;
  /** Checks what the gateway itself relies on and returns the request as it is judged and forwarded. Throws `invalid_request`. */
  read(body: JsonObject): JsonObject;
  /** A client's set-up probe: metered as validation, never scored, held or escalated. */
  isProbe(body: JsonObject): boolean;
  /**
   * The most that a call may use: what is set aside before the provider is called. `maxTokens` is what an answer may have where the
   * client sets no limit.
   */
  worstCase(body: JsonObject, texts: readonly string[], file?: Attachment, maxTokens?: number): Usage;
  /** The request with a limit on its output, where the client set none; absent where an answer has no tokens. */
  limitOutput?(body: JsonObject, maxTokens: number, target: Target): JsonObject;
}
