import type { ExportRecord, KEY_ACTS, LedgerEvent } from './event.ts';

/** What is known about an act that is no exchange: a review, a content view, a key. */
export interface PlainFacts {
  /** When it happened, ISO 8601 UTC with milliseconds. */
  readonly at: string;
  readonly type: Extract<
    LedgerEvent['type'],
    | `review.${string}`
    | `console.${string}`
    | `key.${string}`
    | `app.${string}`
    | `token.${string}`
    | `budget.${string}`
  >;
  /** The exchange it is about; a case id is the request id of the held call. */
  readonly requestId: string;
  readonly appId: string;
  readonly keyId: string;
  readonly auth: 'console' | 'system';
  /** What was called, e.g. `/api/reviews/{id}`. */
  readonly route: string;
  readonly model?: string;
  /** The pack that held an answer; default: the pack of this function. */
  readonly packHash?: string;
  readonly reviewId?: string;
  /** Who acted: a console subject, an operator or `system`. */
  readonly reviewer?: string;
  readonly detail?: string;
  readonly export?: ExportRecord;
}

/** Stands on an event for all apps; no app can have this id. */
export const ALL_APPS = '*';

/** What the ledger says about a change to an app, a key or a token. */
export type KeyAct = PlainFacts & { readonly type: (typeof KEY_ACTS)[number] };
