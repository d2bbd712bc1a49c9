import type { Key } from '#core/auth/key.ts';
import type { JsonObject } from '#core/json.ts';
import type { Reach } from '#core/net/endpoint.ts';
import type { Target } from '#core/pack/pack.ts';
import type { BedrockRuntime } from '#core/ports.ts';

/** `fetch`, as handed in by the composition root. `reach` says which addresses it may connect to; default `public`. */
export type Fetch = (url: string, init: RequestInit & { readonly reach?: Reach }) => Promise<Response>;

/** What is asked of a provider; requests and answers have the shape of OpenAI's route of that name. */
export type Operation =
  | 'chat'
  | 'completions'
  | 'embeddings'
  | 'rerank'
  | 'transcription'
  | 'speech'
  | 'moderation';

/** The file of a multipart request. */
export interface Attachment {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface ProviderCall {
  readonly operation: Operation;
  readonly fetch: Fetch;
  /** What the bedrock dialect asks instead; its SDK loads on the first call. */
  readonly bedrock?: BedrockRuntime | undefined;
  readonly target: Target;
  /** Checked by the egress rules before it gets here. */
  readonly baseUrl: string;
  readonly key: Key;
  /** The request in OpenAI's shape, already scanned; `model` and `stream` are set by the dialect. */
  readonly body: JsonObject;
  /** The audio of a transcription. */
  readonly attachment?: Attachment | undefined;
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
  /** The audio of `speech`. */
  | { readonly kind: 'bytes'; readonly contentType: string; readonly bytes: AsyncIterable<Uint8Array> }
);

/**
 * One upstream dialect. Throws ProviderFailure before the first byte (`invalid_request` for an operation it does not have);
 * `chunks` and `bytes` throw it after.
 */
export type Dialect = (call: ProviderCall) => Promise<ProviderAnswer>;
