import type { Pack } from '#core/pack/pack.ts';
import type { Figures } from './calls-server.ts';

/** What the supervisor tells a worker. The pack goes along: a worker that starts while a bad one is saved serves the last good one. */
export type ToWorker =
  | { readonly kt: 'begin'; readonly pack: Pack; readonly full: boolean }
  | { readonly kt: 'pack'; readonly pack: Pack }
  | { readonly kt: 'full'; readonly full: boolean }
  | { readonly kt: 'figures'; readonly ask: number }
  | { readonly kt: 'stop'; readonly drainMs: number };

/** What a worker tells its supervisor. */
export type FromWorker =
  | { readonly kt: 'ready' }
  | { readonly kt: 'listening'; readonly url: string }
  | { readonly kt: 'failed'; readonly message: string; readonly exitCode: number }
  | { readonly kt: 'figures'; readonly ask: number; readonly figures: Figures };

/** Node's own messages travel on the same channel. */
export function isOurs<T extends { kt: string }>(message: unknown): message is T {
  return typeof message === 'object' && message !== null && 'kt' in message;
}
