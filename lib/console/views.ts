import { appVersion } from '#core/auth/app-version.ts';
import type { PolicyRecord } from '#core/ledger/event.ts';
import type { App, AppKey } from '#core/ports.ts';
import {
  type ReviewApproval,
  type ReviewCase,
  type ReviewClaim,
  standingApprovals,
} from '#core/review/case.ts';
import { textHash } from '#core/review/next-act.ts';
import { type BudgetView, budgetView, type LimitsView, limitsView } from './money-views.ts';

/** A held answer in a list: everything but its text. */
export interface ReviewSummary {
  readonly id: string;
  readonly app_id: string;
  readonly key_id: string;
  readonly model: string;
  readonly state: ReviewCase['state'];
  readonly opened_at: string;
  readonly due_at: string;
  /** What happens at `due_at` when nobody has decided. */
  readonly on_timeout: ReviewCase['onTimeout'];
  /** Rule ids. */
  readonly rules: readonly string[];
  readonly answer_chars: number;
  /** Who works on it; nobody else may decide it until then. */
  readonly claim?: ReviewClaim;
  /** How many different people must agree with one text. */
  readonly approvals_needed: number;
  /** Those that count so far, without the decision; `edited`: that person proposed the text the others agree with. */
  readonly approvals: readonly ApprovalView[];
  readonly decision?: {
    readonly state: string;
    readonly by: string;
    readonly at: string;
    readonly reason: string;
  };
}

type ApprovalView = Pick<ReviewApproval, 'state' | 'by' | 'at' | 'reason'>;

/** A held answer as a reviewer reads it. */
export interface ReviewDetail extends ReviewSummary {
  readonly request_hash: string;
  readonly pack_hash: string;
  readonly answer: string;
  /** Of the text that an approval is of now: the proposed one, else the answer. */
  readonly text_sha256: string;
  /** What a reviewer proposed instead, while others have to agree. */
  readonly proposed_text?: string;
  /** With an edited answer: what is served instead. */
  readonly text?: string;
}

/** Leaves out the texts, so that a list is no content view. */
export function reviewSummary(held: ReviewCase): ReviewSummary {
  const { claim, decision } = held;
  return {
    id: held.id,
    app_id: held.appId,
    key_id: held.keyId,
    model: held.model,
    state: held.state,
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
export interface AppView {
  readonly id: string;
  /** Sent back with a change, it keeps one from overwriting what somebody else changed meanwhile. */
  readonly version: string;
  readonly name: string;
  readonly owner?: string;
  readonly cost_center?: string;
  /** Absent = every model of the pack. */
  readonly models?: readonly string[];
  readonly on_block?: 'refusal' | 'error';
  readonly dify_app_ids?: readonly string[];
  readonly budget?: BudgetView;
  readonly limits?: LimitsView;
}

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
export interface KeyView {
  readonly id: string;
  readonly app_id: string;
  readonly name: string;
  /** `kt_live_3k9x`. */
  readonly prefix: string;
  readonly state: 'active' | 'expired' | 'revoked';
  readonly created_at: string;
  readonly expires_at?: string;
  readonly revoked_at?: string;
  readonly first_used_at?: string;
  readonly last_used_at?: string;
  readonly models?: readonly string[];
  readonly routes?: readonly string[];
  readonly budget?: BudgetView;
  readonly limits?: LimitsView;
}

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
export interface NewKeyView extends KeyView {
  readonly key: string;
}

/** `GET /api/policies`: the active pack. */
export interface PackView {
  readonly name: string;
  readonly version: string;
  readonly hash: string;
  readonly description?: string;
  readonly audit_mode: 'strict' | 'best_effort';
  readonly on_block: 'refusal' | 'error';
  readonly unscanned_parts: 'pass' | 'block';
  readonly models: readonly string[];
  readonly chain: readonly {
    readonly kind: string;
    readonly mode: 'enforce' | 'observe';
    readonly on_error: 'block' | 'allow' | 'escalate';
    readonly timeout_ms: number;
    readonly settings: unknown;
  }[];
}

/** `POST /api/policies/try`: what the chain would do with a prompt, and with an answer to it. */
export interface TryView {
  readonly verdict: 'allowed' | 'flagged' | 'redacted' | 'escalated' | 'blocked';
  /** In the order they ran; rule ids and counts, never matched text. */
  readonly policies: readonly PolicyRecord[];
  /** The prompt as the provider would get it; absent when nothing would be sent. */
  readonly forwarded?: string;
  /** The answer as the caller would get it; absent without an answer, or when the prompt was stopped. */
  readonly released?: string;
  /** What a person is shown instead. */
  readonly message?: string;
  /** Remote detectors of the pack that a try does not ask. */
  readonly not_asked: readonly string[];
}

/** `GET /api/overview`. Totals and days come from the usage rows; hours and latency from the newest events. */
export interface OverviewView {
  readonly from: string;
  readonly to: string;
  readonly requests: number;
  readonly blocked: number;
  /** 0..1; 0 without requests. */
  readonly block_rate: number;
  readonly cost_micros: number;
  /** Calls without a known price: not in `cost_micros`. */
  readonly unpriced: number;
  readonly open_reviews: number;
  /** False: there are more than `open_reviews`. */
  readonly open_reviews_complete: boolean;
  /** Time that policies took per call, in microseconds; absent without calls. */
  readonly added_latency_us?: { readonly p50: number; readonly p95: number; readonly calls: number };
  readonly days: readonly OverviewPoint[];
  /** The last 24 hours. */
  readonly hours: readonly OverviewPoint[];
  /** False: older events of the last 24 hours were not read, so early hours are too low. */
  readonly hours_complete: boolean;
  readonly as_of: string;
}

/** `at` is a day (2026-11-23) or the beginning of an hour (2026-11-23T10:00:00.000Z). */
export interface OverviewPoint {
  readonly at: string;
  readonly requests: number;
  readonly blocked: number;
  readonly cost_micros: number;
}

/** `GET /api/budgets`: one line per limit of an app or a key. */
export interface BudgetStateView {
  readonly owner: 'app' | 'key';
  readonly id: string;
  readonly period: 'day' | 'month';
  readonly limit_micros: number;
  readonly spent_micros: number;
  /** Spent, and set aside for calls under way. */
  readonly used_micros: number;
  readonly on_exceed: string;
  readonly resets_at: string;
}

/** `GET /api/spend`: daily rows per app and model. */
export interface SpendView {
  readonly from: string;
  readonly to: string;
  readonly rows: readonly SpendRowView[];
  readonly total: SpendAmounts;
  readonly as_of: string;
}

/** Calls without a known price are counted apart: their cost is not in `cost_micros`. */
interface SpendAmounts {
  readonly calls: number;
  readonly blocked: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_micros: number;
  readonly unpriced: number;
}

export interface SpendRowView extends SpendAmounts {
  readonly app_id: string;
  readonly day: string;
  readonly model: string;
}

/** Who is signed in. */
export interface MeView {
  readonly subject: string;
  /** The strongest of `roles`. */
  readonly role: 'viewer' | 'reviewer' | 'admin';
  /** App id, or `*` for all apps → the role there. */
  readonly roles: Readonly<Record<string, 'viewer' | 'reviewer' | 'admin'>>;
  readonly environment: string;
  readonly expires_at?: string;
  /** Where apps call the gateway, without `/v1`; absent where the console does not know it. */
  readonly gateway_url?: string;
  /** App id → its own gateway, for apps that have one. */
  readonly dedicated_gateways?: Readonly<Record<string, string>>;
}

/** `GET /api/config`, public: how people sign in. */
export type ConfigView = { readonly identity: 'tokens' } | OidcConfigView;

export interface OidcConfigView {
  readonly identity: 'oidc';
  readonly issuer: string;
  readonly client_id: string;
  readonly scopes: readonly string[];
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly end_session_endpoint?: string;
}
