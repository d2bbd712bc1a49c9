/** What everything we announce carries: ids and times only. */
interface About {
  /** The same however often it is announced: who gets it twice drops the second one. */
  readonly id: string;
  /** When it happened, ISO 8601 UTC. */
  readonly at: string;
  readonly environment: string;
  readonly app_id: string;
}

/** A budget has reached a percentage that is to be told. */
export interface BudgetWarning extends About {
  readonly type: 'Budget Warning';
  /** The event `budget.warned` in the ledger. */
  readonly event_id: string;
  /** The account: `app/<id>` or `key/<id>`, and its day or month. */
  readonly owner: string;
  readonly period: string;
  readonly percent: number;
  readonly limit_micros: number;
  readonly spent_micros: number;
}

interface AboutReview extends About {
  /** The case, and the call that was held. */
  readonly review_id: string;
  readonly request_id: string;
  /** What is held: `input`, a request before any provider was called; `output`, its answer. */
  readonly phase: 'input' | 'output';
  readonly model: string;
}

/** An answer or a request is held and waits for a person, or for one more. */
export interface ReviewRequested extends AboutReview {
  readonly type: 'Review Requested';
  /** Why it is held. */
  readonly rules: readonly string[];
  readonly due_at: string;
  readonly on_timeout: 'reject' | 'release';
  /** How many people must agree with one text, and how many do. */
  readonly approvals_needed: number;
  readonly approvals: number;
}

/** How a review ended. Who decided and why stands in the ledger. */
export interface ReviewClosed extends AboutReview {
  readonly type: 'Review Decided' | 'Review Expired';
  readonly state: 'approved' | 'edited' | 'rejected' | 'expired';
  readonly released: boolean;
}

/** What people and other systems are told beside the ledger: never a text of a call, never a key. */
export type Announcement = BudgetWarning | ReviewRequested | ReviewClosed;
export type AnnouncementType = Announcement['type'];

/** The `source` of everything on the bus. */
export const ANNOUNCEMENT_SOURCE = 'keeptrusts';
