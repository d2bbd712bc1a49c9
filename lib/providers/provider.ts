import type { JsonObject } from '#core/json.ts';
import type { Target } from '#core/pack/pack.ts';

/** `fetch`, as handed in by the composition root. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ProviderCall {
  readonly fetch: Fetch;
  readonly target: Target;
  /** Checked by the egress rules before it gets here. */
  readonly baseUrl: string;
  readonly key: string;
  /** An OpenAI chat request, already scanned; `model` and `stream` are set by the dialect. */
  readonly body: JsonObject;
  readonly stream: boolean;
  /** Told to the provider (`x-client-request-id`), so that its records can be matched with ours. */
  readonly requestId: string;
  /** Aborts the call: the client left, or the door's deadline is near. */
  readonly signal: AbortSignal;
}

/** An answer in OpenAI's shape, whatever the provider speaks. */
export type ProviderAnswer = { readonly requestId?: string } & (
  | { readonly kind: 'whole'; readonly body: JsonObject }
  | { readonly kind: 'stream'; readonly chunks: AsyncIterable<JsonObject> }
);

/** One upstream dialect. Throws ProviderFailure before the first byte; `chunks` throws it after. */
export type Dialect = (call: ProviderCall) => Promise<ProviderAnswer>;
