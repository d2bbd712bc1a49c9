import * as z from 'zod';
import { Hold } from '#core/budget/hold.ts';
import { Cost, Usage } from '#core/cost/usage.ts';

export const EVENT_SCHEMA = 1;

/** One question to a remote detector. */
export const RemoteRecord = z.strictObject({
  detector: z.string(),
  /** Code units that were sent away. */
  chars: z.int().nonnegative(),
  ms: z.int().nonnegative(),
  error: z.string().optional(),
  /** Of a model of the pack that judged; its cost is part of the event's. */
  target: z.string().optional(),
  usage: Usage.optional(),
  cost: Cost.optional(),
});
export type RemoteRecord = z.infer<typeof RemoteRecord>;

/** What one policy said in one phase. Rule ids and counts only; never matched text. */
export const PolicyRecord = z.strictObject({
  kind: z.string(),
  phase: z.enum(['input', 'output']),
  mode: z.enum(['enforce', 'observe']),
  action: z.enum(['allow', 'flag', 'redact', 'escalate', 'block']),
  reason: z.string(),
  score: z.number().optional(),
  /** Rule id → how often. */
  rules: z.record(z.string(), z.int()),
  latency_us: z.int().nonnegative(),
  chars_seen: z.int().nonnegative(),
  chars_scanned: z.int().nonnegative(),
  /** Set when the policy failed and `on_error` decided. */
  error: z.string().optional(),
  /** Who was asked; absent when nobody was. */
  remote: z.array(RemoteRecord).optional(),
});
export type PolicyRecord = z.infer<typeof PolicyRecord>;

export const Attempt = z.strictObject({
  target: z.string(),
  /** HTTP status, or null when there was no answer. */
  status: z.int().nullable(),
  error: z.string().optional(),
  ms: z.int().nonnegative(),
  /** When it began; absent where no call was made. */
  at: z.string().optional(),
});
export type Attempt = z.infer<typeof Attempt>;

/** Changes to apps, keys and tokens. */
export const KEY_ACTS = [
  'key.created',
  'key.revoked',
  'key.rotated',
  'key.expired',
  'app.created',
  'app.changed',
  'token.created',
  'token.revoked',
] as const;

/** A file that was taken out of the console: what it was of, never what was in it. */
export const ExportRecord = z.strictObject({
  what: z.enum(['events', 'spend']),
  format: z.string(),
  /** First and last day (yyyy-mm-dd) or instants, as they were asked for; absent = no bound. */
  from: z.string().optional(),
  to: z.string().optional(),
  /** Lines below the head. */
  rows: z.int().nonnegative(),
  /** False when a bound cut it. */
  complete: z.boolean(),
});
export type ExportRecord = z.infer<typeof ExportRecord>;

/**
 * The one final record of an exchange, or a record about review, configuration and keys. Field groups follow
 * research/reliability.md §5.2. Times are ISO 8601 UTC with milliseconds, money is integer micro-dollars.
 */
export const LedgerEvent = z.strictObject({
  schema: z.literal(EVENT_SCHEMA),
  /** ULID. */
  event_id: z.string(),
  request_id: z.string(),
  type: z.enum([
    'request.completed',
    'request.blocked',
    'request.failed',
    'request.client_aborted',
    'request.outcome_unknown',
    'request.refused',
    'policy.bypassed',
    'review.requested',
    'review.claimed',
    'review.unclaimed',
    'review.approved',
    'review.decided',
    'review.expired',
    'review.released',
    'console.viewed_content',
    'console.exported',
    ...KEY_ACTS,
    'budget.warned',
  ]),
  environment: z.string(),
  at: z.string(),
  first_byte_at: z.string().optional(),
  ended_at: z.string(),

  app_id: z.string(),
  key_id: z.string(),
  auth: z.enum(['app_key', 'provider_key', 'none', 'console', 'system']),
  /** HMAC of the end user the client claimed; the claim itself is not kept. */
  subject: z.string().optional(),
  claims: z.record(z.string(), z.string()).optional(),
  claim_conflict: z.boolean().optional(),

  /** W3C trace: 32 hex digits, and the client's span where it sent one (16). */
  trace_id: z.string().optional(),
  parent_span_id: z.string().optional(),
  /** False when the client said that nobody collects its trace. */
  trace_sampled: z.boolean().optional(),

  route: z.string(),
  stream: z.boolean(),
  model_requested: z.string(),
  model_used: z.string().optional(),
  provider: z.string().optional(),
  provider_request_id: z.string().optional(),
  attempts: z.array(Attempt),
  gateway_version: z.string(),
  pack: z.string(),
  pack_hash: z.string(),

  verdict: z.enum(['allowed', 'redacted', 'flagged', 'blocked', 'escalated', 'none']),
  policies: z.array(PolicyRecord),
  /** Paths of parts no policy looked at, with why: `messages[0].content[1] image_url`. */
  unscanned_parts: z.array(z.string()),
  /** HMAC of the canonical request; equal for repeats of the same request. */
  input_hmac: z.string().optional(),
  output_hmac: z.string().optional(),

  http_status: z.int(),
  error_code: z.string().optional(),
  finish_reason: z.string().optional(),
  /** The client got a complete answer. */
  complete: z.boolean(),
  chars_in: z.int().nonnegative(),
  chars_out: z.int().nonnegative(),
  /** Dify's set-up probe. */
  validation: z.boolean(),

  usage: Usage,
  cost: Cost,
  cost_tags: z.record(z.string(), z.string()),
  /** Where the cost counts against a budget; set when the app or the key has one. */
  budget: Hold.optional(),

  review_id: z.string().optional(),
  reviewer: z.string().optional(),
  detail: z.string().optional(),
  /** Of `console.exported`. */
  export: ExportRecord.optional(),
  /** Long parts were cut to fit the store; `hash` is that of the whole event. */
  truncated: z.literal(true).optional(),

  /** Emitter chain: random id per execution environment, sequence from 0, hash of the previous event. */
  emitter: z.string(),
  seq: z.int().nonnegative(),
  prev_hash: z.string(),
  /** SHA-256 hex of the canonical JSON (RFC 8785) of this event without `hash`. */
  hash: z.string(),
});
export type LedgerEvent = z.infer<typeof LedgerEvent>;

/** An event before it is linked into its emitter's chain. */
export type UnsealedEvent = Omit<LedgerEvent, 'emitter' | 'seq' | 'prev_hash' | 'hash'>;
