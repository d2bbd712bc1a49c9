import type { Announcement } from '#core/announce/announcement.ts';
import type { Key } from '#core/auth/key.ts';
import type { AccountState } from '#core/budget/accounts.ts';
import type { Budget, Limits } from '#core/budget/budget.ts';
import type { Hold } from '#core/budget/hold.ts';
import type { UsageRow } from '#core/cost/usage.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { KeyAct } from '#core/ledger/plain-facts.ts';
import type { CounterName, GaugeName, HistogramName, LabelsOf } from '#core/metrics/catalogue.ts';
import type { ComprehendQuestion, GuardrailQuestion, RemoteAnswer } from '#core/policy/remote.ts';
import type { ReviewApproval, ReviewCase, ReviewClaim, ReviewDecision } from '#core/review/case.ts';

/**
 * Everything the product needs from the world. One contract suite per port in test/contracts runs against every
 * adapter.
 */

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface Ids {
  /** A ULID. */
  next(): string;
}

/** Who pays. */
export interface App {
  readonly id: string;
  readonly name: string;
  readonly owner?: string;
  readonly costCenter?: string;
  /** Allowed models; undefined = every model of the pack. */
  readonly models?: readonly string[];
  readonly onBlock?: 'refusal' | 'error';
  /** Ids of its apps in Dify: a call that claims another one is recorded as a conflict. */
  readonly difyAppIds?: readonly string[];
  readonly budget?: Budget;
  readonly limits?: Limits;
}

/** An app key as stored: never the key itself. */
export interface AppKey {
  /** Public id, e.g. `key_01J…`. */
  readonly id: string;
  readonly appId: string;
  /** First characters of the key, for recognition, e.g. `kt_live_3k9x`. */
  readonly prefix: string;
  readonly name: string;
  readonly createdAt: string;
  readonly expiresAt?: string;
  readonly revokedAt?: string;
  /** To within some minutes; only where keys are listed, and where the store keeps it. */
  readonly firstUsedAt?: string;
  readonly lastUsedAt?: string;
  readonly models?: readonly string[];
  readonly routes?: readonly string[];
  readonly budget?: Budget;
  readonly limits?: Limits;
}

/** A token of the console as stored. A `gateway` may post events and read nothing; the others are people. */
export interface ConsoleToken {
  readonly subject: string;
  readonly role: 'viewer' | 'reviewer' | 'admin' | 'gateway';
  /** The role counts for these apps only; absent = for all. */
  readonly apps?: readonly string[];
  readonly expiresAt?: string;
  readonly revokedAt?: string;
  readonly createdAt?: string;
  /** First characters of the token, for recognition, e.g. `ktc_3k9x`. */
  readonly prefix?: string;
}

/** A token where tokens are listed. */
export interface ListedToken extends ConsoleToken {
  /** Public id, e.g. `token_9f86d081884c7d65`. */
  readonly id: string;
  /** To within some minutes, where the store keeps it. */
  readonly firstUsedAt?: string;
  readonly lastUsedAt?: string;
}

/** Looks up credentials by the SHA-256 (hex) of what the caller presented. */
export interface KeyRing {
  findKey(hash: string): Promise<{ key: AppKey; app: App } | undefined>;
  findToken(hash: string): Promise<ConsoleToken | undefined>;
  /**
   * The id of the app that this Dify app was stored with (console, `kt apps`), undefined = of none. Never rejects: what cannot be
   * looked up is of none, since nothing is decided by it.
   */
  appOfDify(difyAppId: string): Promise<string | undefined>;
}

/**
 * Writes apps, keys and tokens. Hashes only. `act` is what the ledger says about the change: where it cannot be kept, nothing
 * changes.
 */
export interface KeyAdmin {
  /** With `over`, only where that is what is stored by now (null = nothing); else false, and nothing changes. */
  putApp(app: App, act?: KeyAct, over?: App | null): Promise<boolean>;
  listApps(): Promise<App[]>;
  putKey(hash: string, key: AppKey, act?: KeyAct): Promise<void>;
  listKeys(): Promise<AppKey[]>;
  /** The successor and the end (ISO) of the key `old`, both or neither. False when that one is revoked or there is none. */
  rotateKey(old: { id: string; until: string }, hash: string, next: AppKey, act?: KeyAct): Promise<boolean>;
  revokeKey(id: string, at: string, act?: KeyAct): Promise<boolean>;
  /** The key stops working then (ISO), also when it was to work longer. False when there is none. */
  expireKey(id: string, at: string, act?: KeyAct): Promise<boolean>;
  putToken(hash: string, token: ConsoleToken, act?: KeyAct): Promise<void>;
  listTokens(): Promise<ListedToken[]>;
  /** The first revocation counts. False when there is none of that id. */
  revokeToken(id: string, at: string, act?: KeyAct): Promise<boolean>;
}

/** Provider keys. Values are cached by the adapter; `refresh` asks the source once more (after a provider's 401). */
export interface Secrets {
  /** Throws when the secret is missing or unreachable; the message names the secret, never its value. */
  get(name: string, options?: { refresh?: boolean }): Promise<Key>;
}

/** The write-ahead record: exists before a provider is called. */
export interface Intent {
  readonly requestId: string;
  readonly appId: string;
  readonly keyId: string;
  readonly emitter: string;
  readonly seq: number;
  readonly at: string;
  /** After this moment an intent without event is lost: the sweeper records `outcome_unknown`. */
  readonly deadline: string;
  readonly model: string;
  readonly provider: string;
  readonly environment: string;
  /** Worst case in micro-dollars, or null when the price is unknown. */
  readonly worstCaseMicros: number | null;
  /** What is set aside of budgets, with the intent or not at all. */
  readonly hold?: Hold;
}

/** Accounts that have no room for what an intent wants to set aside; then nothing was written. */
export interface NoRoom {
  readonly full: readonly AccountState[];
}

export interface IntentLog {
  /** Resolves when the intent is durable, its hold with it; throws otherwise (the provider is not called then). */
  open(intent: Intent): Promise<NoRoom | undefined>;
}

/** How much of budgets is gone. */
export interface BudgetBook {
  /** One state per id, in that order; an account nobody used is at 0. */
  states(accountIds: readonly string[]): Promise<AccountState[]>;
}

/** Where final events go. Resolves when the event is durable somewhere, and says where. */
export interface EventSink {
  send(event: LedgerEvent): Promise<{ tier: 'queue' | 'table' | 'journal' | 'log' }>;
}

/** The append-only ledger, as the recorder writes it: event, closed intent and usage in one transaction. */
export interface Ledger {
  append(event: LedgerEvent): Promise<'stored' | 'duplicate'>;
  /** As many of the events as can be stored in one step, as if each were appended; the ids of those. The others are to be appended. */
  appendTogether(events: readonly LedgerEvent[]): Promise<ReadonlySet<string>>;
  /** A message that is not an event: kept with its reason, so the queue keeps flowing. */
  quarantine(body: string, reason: string): Promise<void>;
}

export interface EventFilter {
  readonly appId?: string;
  /** Events of these apps only. */
  readonly appIds?: readonly string[];
  /** ISO timestamps; default: the last 24 hours. */
  readonly from?: string;
  readonly to?: string;
  readonly verdict?: string;
  readonly outcome?: string;
  readonly model?: string;
  readonly provider?: string;
  readonly policy?: string;
  /** What a policy that spoke gave as its reason (with `policy`: that policy), or the code of the error. */
  readonly reason?: string;
  /** The end user's HMAC as events have it, never a name. */
  readonly subject?: string;
  readonly keyId?: string;
  readonly requestId?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

export interface EventPage {
  readonly events: LedgerEvent[];
  /** Opaque; present when there is more. */
  readonly next?: string;
  /** True when the page ends the result. */
  readonly complete: boolean;
  /** ISO time of the read. */
  readonly as_of: string;
}

export interface EventReader {
  list(filter: EventFilter): Promise<EventPage>;
  find(requestId: string): Promise<LedgerEvent[]>;
}

export interface UsageReader {
  /** Daily rows of an app (or all), `from`..`to` as yyyy-mm-dd, inclusive. */
  usage(from: string, to: string, appId?: string): Promise<UsageRow[]>;
}

/** Held answers. */
export interface ReviewDesk {
  /** Idempotent by case id; `start` begins the state machine. */
  open(reviewCase: ReviewCase): Promise<void>;
  get(id: string): Promise<ReviewCase | undefined>;
  /** The newest case of the same app and request hash. */
  findByRequest(appId: string, requestHash: string): Promise<ReviewCase | undefined>;
  list(state: ReviewCase['state'], limit: number): Promise<ReviewCase[]>;
  /** Undecided cases, claimed ones too, that were due before `before` (ISO 8601), oldest first; without their texts. */
  overdue(before: string, limit: number): Promise<ReviewCase[]>;
  /** Exclusive until `claim.until`; renews one's own. `undefined` when it is decided, unknown or another person's. */
  claim(id: string, claim: ReviewClaim): Promise<ReviewCase | undefined>;
  /** Gives one's own claim back; `undefined` when there is none of that person. */
  unclaim(id: string, by: string): Promise<ReviewCase | undefined>;
  /**
   * One conditional write that is not the last one: adds to the `seen` approvals of the case, and gives the person's claim back.
   * `undefined` when it is decided, another person's by a claim, or has more approvals by now (read the case to say which).
   */
  approve(id: string, approval: ReviewApproval, seen: number): Promise<ReviewCase | undefined>;
  /**
   * One conditional write; `undefined` when somebody else decided first or has the claim (read the case to say who), or when
   * the case has not `seen` approvals any more. Without `seen` (a rejection, an expiry), approvals do not matter.
   */
  decide(id: string, decision: ReviewDecision, seen?: number): Promise<ReviewCase | undefined>;
  /** Decisions of people that stand since before `before` (ISO 8601) and were not told everywhere, oldest first. */
  untold(before: string, limit: number): Promise<UntoldDecision[]>;
  /** Notes who knows of a decision: `ledger` its event is recorded; `machine` the rest is done too, and it is untold no more. */
  told(id: string, whom: 'ledger' | 'machine'): Promise<void>;
  /** Keeps the callback token of the state machine; server-side only. */
  keepToken(id: string, token: string): Promise<void>;
  tokenOf(id: string): Promise<string | undefined>;
}

/** A decision whose state machine may still wait for it: the process ended, or Step Functions was down. */
export interface UntoldDecision {
  readonly id: string;
  /** Its event is in the ledger. */
  readonly isRecorded: boolean;
}

/** The review state machine, seen from outside. */
export interface ReviewFlow {
  /** Idempotent by case id. Without a decision after `timeoutSeconds` (default one hour) the case expires. */
  start(caseId: string, timeoutSeconds?: number): Promise<void>;
  /** Tells the waiting execution the decision. `gone` when it is not waiting any more. */
  resume(token: string, decision: { state: ReviewCase['state'] }): Promise<'resumed' | 'gone'>;
}

/**
 * Detectors that are services of the cloud. Throws RemoteFailure, with a message that repeats nothing of the texts; stops when
 * `signal` is aborted.
 */
export interface CloudDetectors {
  ask(question: ComprehendQuestion | GuardrailQuestion, signal: AbortSignal): Promise<RemoteAnswer>;
}

/** Tells people and other systems what they may want to act on. The ledger is the record; this is the knock on the door. */
export interface Announcer {
  /** Resolves when the bus has taken it; throws within a few seconds otherwise. */
  announce(announcement: Announcement): Promise<void>;
}

/** Counts what happens. Never throws and never waits. */
export interface Metrics {
  /** Adds `by` (default 1, ≥ 0). */
  count<N extends CounterName>(name: N, labels: LabelsOf<N>, by?: number): void;
  observe<N extends HistogramName>(name: N, labels: LabelsOf<N>, value: number): void;
  /** What it is now. */
  set<N extends GaugeName>(name: N, labels: LabelsOf<N>, value: number): void;
  /** One thing was counted whole, such as a call: what is kept until now may go out. */
  flush(): void;
}

/** One structured line per call. Values are ids, numbers and codes only. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** One call of Amazon Bedrock's runtime API. */
export interface BedrockCall {
  readonly region: string;
  readonly endpoint: string;
  /** A Bedrock API key; without one the call is signed with the role of the process. */
  readonly token?: Key;
  /** The operation's input as the API documents it; bytes are `Uint8Array`. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

/** Amazon Bedrock's runtime. Answers are the API's documented shapes; throws what the AWS SDK throws (`name`, `$metadata`). */
export interface BedrockRuntime {
  converse(call: BedrockCall): Promise<unknown>;
  converseStream(call: BedrockCall): Promise<{ requestId?: string; events: AsyncIterable<unknown> }>;
  /** `inputTokens` as the response header counts them. */
  invokeModel(call: BedrockCall): Promise<{ requestId?: string; body: Uint8Array; inputTokens?: number }>;
}
