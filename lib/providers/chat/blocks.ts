import type { JsonObject } from '#core/json.ts';

/** Bytes as they stand in a data URL. */
export interface Bytes {
  /** `image/png`, `application/pdf`. */
  readonly mediaType: string;
  readonly base64: string;
}

/** Everything up to this block shall be kept in the provider's cache: `cache_control` of a message part. */
interface Cached {
  readonly cache?: { readonly ttl?: '5m' | '1h' };
}

export interface TextBlock extends Cached {
  readonly kind: 'text';
  readonly text: string;
}

interface ImageBlock extends Cached {
  readonly kind: 'image';
  readonly source: Bytes | { readonly url: string };
}

interface DocumentBlock extends Cached {
  readonly kind: 'document';
  readonly source: Bytes;
  readonly name: string;
}

export type ContentBlock = TextBlock | ImageBlock | DocumentBlock;

/** One piece of a turn, in words between OpenAI's messages and the content blocks of Anthropic and Bedrock. */
export type Block =
  | ContentBlock
  | { readonly kind: 'call'; readonly id: string; readonly name: string; readonly input: JsonObject }
  | { readonly kind: 'result'; readonly id: string; readonly content: readonly ContentBlock[] };

export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly blocks: Block[];
}

/** A conversation whose roles alternate and which a user begins; instructions stand apart. */
export interface Conversation {
  readonly system: readonly TextBlock[];
  readonly turns: readonly Turn[];
}
