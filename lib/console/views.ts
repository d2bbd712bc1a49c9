import type { App } from '#core/ports.ts';
import type { ReviewCase } from '#core/review/case.ts';

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
  readonly decision?: {
    readonly state: string;
    readonly by: string;
    readonly at: string;
    readonly reason: string;
  };
}

/** A held answer as a reviewer reads it. */
export interface ReviewDetail extends ReviewSummary {
  readonly request_hash: string;
  readonly pack_hash: string;
  readonly answer: string;
  /** With an edited answer: what is served instead. */
  readonly text?: string;
}

/** Leaves out the texts, so that a list is no content view. */
export function reviewSummary(held: ReviewCase): ReviewSummary {
  const { decision } = held;
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
    ...(decision && {
      decision: { state: decision.state, by: decision.by, at: decision.at, reason: decision.reason },
    }),
  };
}

export function reviewDetail(held: ReviewCase): ReviewDetail {
  const text = held.decision?.text;
  return {
    ...reviewSummary(held),
    request_hash: held.requestHash,
    pack_hash: held.packHash,
    answer: held.answer,
    ...(text !== undefined && { text }),
  };
}

/** An app as the console shows it. */
export interface AppView {
  readonly id: string;
  readonly name: string;
  readonly owner?: string;
  readonly cost_center?: string;
  /** Absent = every model of the pack. */
  readonly models?: readonly string[];
  readonly on_block?: 'refusal' | 'error';
}

export function appView(app: App): AppView {
  return {
    id: app.id,
    name: app.name,
    ...(app.owner !== undefined && { owner: app.owner }),
    ...(app.costCenter !== undefined && { cost_center: app.costCenter }),
    ...(app.models && { models: app.models }),
    ...(app.onBlock && { on_block: app.onBlock }),
  };
}

/** Who is signed in. */
export interface MeView {
  readonly subject: string;
  readonly role: 'viewer' | 'reviewer' | 'admin';
  readonly environment: string;
  readonly expires_at?: string;
}
