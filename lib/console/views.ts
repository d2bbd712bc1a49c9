import * as z from 'zod';
import { appVersion } from '#core/auth/app-version.ts';
import { QUANTITIES } from '#core/cost/usage.ts';
import { PolicyRecord } from '#core/ledger/event.ts';
import type { App, AppKey } from '#core/ports.ts';
import {
  ReviewApproval,
  type ReviewCase,
  ReviewClaim,
  ReviewDecision,
  ReviewState,
  standingApprovals,
} from '#core/review/case.ts';
import { textHash } from '#core/review/next-act.ts';
import { BudgetView, budgetView, LimitsView, limitsView } from './money-views.ts';

/** What the API answers: schemas that the OpenAPI document is made of, and their types. */

const names = z.array(z.string()).readonly();
const count = z.int().nonnegative();
const role = z.enum(['viewer', 'reviewer', 'admin']);

/** A held answer in a list: everything but its text. */
export const ReviewSummary = z.object({
  id: z.string(),
  app_id: z.string(),
  key_id: z.string(),
  model: z.string(),
  state: ReviewState,
  /** `input`: a request that no provider has seen; `output`: an answer that the client has not seen. */
  phase: z.enum(['input', 'output']),
  opened_at: z.string(),
  due_at: z.string(),
  /** What happens at `due_at` when nobody has decided. */
  on_timeout: z.enum(['reject', 'release']),
  /** Rule ids. */
  rules: names,
  answer_chars: count,
  /** Who works on it; nobody else may decide it until then. */
  claim: ReviewClaim.exactOptional(),
  /** How many different people must agree with one text. */
  approvals_needed: count,
  /** Those that count so far, without the decision; `edited`: that person proposed the text the others agree with. */
  approvals: z.array(ReviewApproval.omit({ text: true })).readonly(),
  decision: ReviewDecision.omit({ text: true }).exactOptional(),
});
export type ReviewSummary = z.output<typeof ReviewSummary>;

/** A held answer as a reviewer reads it. */
export const ReviewDetail = ReviewSummary.extend({
  request_hash: z.string(),
  pack_hash: z.string(),
  answer: z.string(),
  /** Of the text that an approval is of now: the proposed one, else the answer. */
  text_sha256: z.string(),
  /** What a reviewer proposed instead, while others have to agree. */
  proposed_text: z.string().exactOptional(),
  /** With an edited answer: what is served instead. */
  text: z.string().exactOptional(),
});
export type ReviewDetail = z.output<typeof ReviewDetail>;

/** Leaves out the texts, so that a list is no content view. */
export function reviewSummary(held: ReviewCase): ReviewSummary {
  const { claim, decision } = held;
  return {
    id: held.id,
    app_id: held.appId,
    key_id: held.keyId,
    model: held.model,
    state: held.state,
    phase: held.phase ?? 'output',
    opened_at: held.openedAt,
    due_at: held.dueAt,
    on_timeout: held.onTimeout,
    rules: held.rules,
    answer_chars: held.answerChars ?? held.answer.length,
    ...(claim && { claim }),
    approvals_needed: held.approvalsNeeded ?? 1,
    approvals: standingApprovals(held).map(({ state, by, at, reason }) => ({ state, by, at, reason })),
    ...(decision && {
      decision: { state: decision.state, by: decision.by, at: decision.at, reason: decision.reason },
    }),
  };
}

export function reviewDetail(held: ReviewCase): ReviewDetail {
  const text = held.decision?.text;
  const proposed = standingApprovals(held)[0]?.text;
  return {
    ...reviewSummary(held),
    request_hash: held.requestHash,
    pack_hash: held.packHash,
    answer: held.answer,
    text_sha256: textHash(held),
    ...(proposed !== undefined && { proposed_text: proposed }),
    ...(text !== undefined && { text }),
  };
}

/** An app as the console shows it. */
export const AppView = z.object({
  id: z.string(),
  /** Sent back with a change, it keeps one from overwriting what somebody else changed meanwhile. */
  version: z.string(),
  name: z.string(),
  owner: z.string().exactOptional(),
  cost_center: z.string().exactOptional(),
  /** Absent = every model of the pack. */
  models: names.exactOptional(),
  on_block: z.enum(['refusal', 'error']).exactOptional(),
  dify_app_ids: names.exactOptional(),
  budget: BudgetView.exactOptional(),
  limits: LimitsView.exactOptional(),
});
export type AppView = z.output<typeof AppView>;

export function appView(app: App): AppView {
  return {
    id: app.id,
    version: appVersion(app),
    name: app.name,
    ...(app.owner !== undefined && { owner: app.owner }),
    ...(app.costCenter !== undefined && { cost_center: app.costCenter }),
    ...(app.models && { models: app.models }),
    ...(app.onBlock && { on_block: app.onBlock }),
    ...(app.difyAppIds && { dify_app_ids: app.difyAppIds }),
    ...(app.budget && { budget: budgetView(app.budget) }),
    ...(app.limits && { limits: limitsView(app.limits) }),
  };
}

/** An app key as the console lists it: enough to recognise it, nothing to use. */
export const KeyView = z.object({
  id: z.string(),
  app_id: z.string(),
  name: z.string(),
  /** `kt_live_3k9x`. */
  prefix: z.string(),
  state: z.enum(['active', 'expired', 'revoked']),
  created_at: z.string(),
  expires_at: z.string().exactOptional(),
  revoked_at: z.string().exactOptional(),
  first_used_at: z.string().exactOptional(),
  last_used_at: z.string().exactOptional(),
  models: names.exactOptional(),
  routes: names.exactOptional(),
  budget: BudgetView.exactOptional(),
  limits: LimitsView.exactOptional(),
});
export type KeyView = z.output<typeof KeyView>;

export function keyView(key: AppKey, now: number): KeyView {
  const view = {
    id: key.id,
    app_id: key.appId,
    name: key.name,
    prefix: key.prefix,
    state: stateOf(key, now),
    created_at: key.createdAt,
    expires_at: key.expiresAt,
    revoked_at: key.revokedAt,
    first_used_at: key.firstUsedAt,
    last_used_at: key.lastUsedAt,
    models: key.models,
    routes: key.routes,
    budget: key.budget && budgetView(key.budget),
    limits: key.limits && limitsView(key.limits),
  };
  return Object.fromEntries(
    Object.entries(view).filter(([, value]) => value !== undefined),
  ) as unknown as KeyView;
}

function stateOf({ revokedAt, expiresAt }: AppKey, now: number): KeyView['state'] {
  if (revokedAt !== undefined) return 'revoked';
  return expiresAt !== undefined && Date.parse(expiresAt) <= now ? 'expired' : 'active';
}

/** Answer to making or replacing a key: `key` is shown this once and kept nowhere. */
export const NewKeyView = KeyView.extend({ key: z.string() });
export type NewKeyView = z.output<typeof NewKeyView>;

/** `GET /api/policies`: the active pack. */
export const PackView = z.object({
  name: z.string(),
  version: z.string(),
  hash: z.string(),
  description: z.string().exactOptional(),
  audit_mode: z.enum(['strict', 'best_effort']),
  on_block: z.enum(['refusal', 'error']),
  unscanned_parts: z.enum(['pass', 'block']),
  models: names,
  chain: z
    .array(
      z.object({
        kind: z.string(),
        mode: z.enum(['enforce', 'observe']),
        on_error: z.enum(['block', 'allow', 'escalate']),
        timeout_ms: z.number(),
        settings: z.unknown(),
      }),
    )
    .readonly(),
});
export type PackView = z.output<typeof PackView>;

/** `POST /api/policies/try`: what the chain would do with a prompt, and with an answer to it. */
export const TryView = z.object({
  verdict: z.enum(['allowed', 'flagged', 'redacted', 'escalated', 'blocked']),
  /** In the order they ran; rule ids and counts, never matched text. */
  policies: z.array(PolicyRecord).readonly(),
  /** The prompt as the provider would get it; absent when nothing would be sent. */
  forwarded: z.string().exactOptional(),
  /** The answer as the caller would get it; absent without an answer, or when the prompt was stopped. */
  released: z.string().exactOptional(),
  /** What a person is shown instead. */
  message: z.string().exactOptional(),
  /** Remote detectors of the pack that a try does not ask. */
  not_asked: names,
});
export type TryView = z.output<typeof TryView>;

/** `at` is a day (2026-11-23) or the beginning of an hour (2026-11-23T10:00:00.000Z). */
export const OverviewPoint = z.object({
  at: z.string(),
  requests: count,
  blocked: count,
  cost_micros: count,
});
export type OverviewPoint = z.output<typeof OverviewPoint>;

/** `GET /api/overview`. Totals and days come from the usage rows; hours and latency from the newest events. */
export const OverviewView = z.object({
  from: z.string(),
  to: z.string(),
  requests: count,
  blocked: count,
  /** 0..1; 0 without requests. */
  block_rate: z.number(),
  cost_micros: count,
  /** Calls without a known price: not in `cost_micros`. */
  unpriced: count,
  open_reviews: count,
  /** False: there are more than `open_reviews`. */
  open_reviews_complete: z.boolean(),
  /** Time that policies took per call, in microseconds; absent without calls. */
  added_latency_us: z.object({ p50: z.number(), p95: z.number(), calls: count }).exactOptional(),
  days: z.array(OverviewPoint).readonly(),
  /** The last 24 hours. */
  hours: z.array(OverviewPoint).readonly(),
  /** False: older events of the last 24 hours were not read, so early hours are too low. */
  hours_complete: z.boolean(),
  as_of: z.string(),
});
export type OverviewView = z.output<typeof OverviewView>;

/** `GET /api/budgets`: one line per limit of an app or a key. */
export const BudgetStateView = z.object({
  owner: z.enum(['app', 'key']),
  id: z.string(),
  period: z.enum(['day', 'month']),
  limit_micros: count,
  spent_micros: count,
  /** Spent, and set aside for calls under way. */
  used_micros: count,
  on_exceed: z.string(),
  resets_at: z.string(),
});
export type BudgetStateView = z.output<typeof BudgetStateView>;

/** Calls without a known price are counted apart: their cost is not in `cost_micros`. */
const SpendAmounts = z.object({
  calls: count,
  blocked: count,
  input_tokens: count,
  output_tokens: count,
  cost_micros: count,
  unpriced: count,
});

const SpendRowView = SpendAmounts.extend({
  app_id: z.string(),
  day: z.string(),
  model: z.string(),
  quantities: z.record(z.enum(QUANTITIES), count).readonly(),
});
export type SpendRowView = z.output<typeof SpendRowView>;

/** `GET /api/spend`: daily rows per app and model. */
export const SpendView = z.object({
  from: z.string(),
  to: z.string(),
  rows: z.array(SpendRowView).readonly(),
  total: SpendAmounts,
  complete: z.boolean(),
  as_of: z.string(),
});
export type SpendView = z.output<typeof SpendView>;

/** `GET /api/spend?by=…`: a line per value of what is asked for. */
export const SpendLinesView = SpendView.omit({ rows: true }).extend({
  by: names,
  lines: z
    .array(
      SpendAmounts.extend({
        app: z.string().exactOptional(),
        model: z.string().exactOptional(),
        day: z.string().exactOptional(),
      }),
    )
    .readonly(),
});

/** Who is signed in. */
export const MeView = z.object({
  subject: z.string(),
  /** The strongest of `roles`. */
  role,
  /** App id, or `*` for all apps → the role there. */
  roles: z.record(z.string(), role).readonly(),
  environment: z.string(),
  expires_at: z.string().exactOptional(),
  /** Where apps call the gateway, without `/v1`; absent where the console does not know it. */
  gateway_url: z.string().exactOptional(),
  /** App id → its own gateway, for apps that have one. */
  dedicated_gateways: z.record(z.string(), z.string()).readonly().exactOptional(),
});
export type MeView = z.output<typeof MeView>;

export const OidcConfigView = z.object({
  identity: z.literal('oidc'),
  issuer: z.string(),
  client_id: z.string(),
  scopes: names,
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  end_session_endpoint: z.string().exactOptional(),
});
export type OidcConfigView = z.output<typeof OidcConfigView>;

/** `GET /api/config`, public: how people sign in. */
export const ConfigView = z.union([z.object({ identity: z.literal('tokens') }), OidcConfigView]);
export type ConfigView = z.output<typeof ConfigView>;
