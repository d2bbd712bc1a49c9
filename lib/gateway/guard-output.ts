import { addUsage } from '#core/cost/usage.ts';
import { isObject, type Json } from '#core/json.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { estimateUsage } from '#core/openai/usage.ts';
import type { AnswerOutcome, AnswerPiece } from '#core/policy/answer.ts';
import { type AnswerGuard, createAnswerGuard } from '#core/policy/answer-guard.ts';
import { awaitDecision } from './await-decision.ts';
import { declinedNotice, holdAnswer } from './held.ts';
import { nowMicros } from './now-micros.ts';
import type { Notice } from './refusal.ts';
import type { Relay } from './relay.ts';
import { createAsker } from './remote/ask-remote.ts';
import type { Upstream } from './upstream.ts';

const DEFAULT_REVIEW_SECONDS = 3600;

/** From mildest to strongest; an exchange carries the strongest verdict of its two phases. */
const VERDICTS: readonly LedgerEvent['verdict'][] = [
  'none',
  'allowed',
  'flagged',
  'redacted',
  'escalated',
  'blocked',
];

/** The output guard of one exchange. */
export function openGuard({
  exchange,
  facts,
  client,
  late,
  kit,
}: Pick<Relay, 'exchange' | 'facts' | 'client' | 'late' | 'kit'>): AnswerGuard {
  const { catalogue } = kit.options;
  const steps = exchange.deployment.pack.chain;
  const deciding = createAsker(exchange, AbortSignal.any([client, late]), kit);
  // Who only records is asked when the client has its answer and may be gone.
  const recording = createAsker(exchange, late, kit);
  const ask = { deciding, recording };
  return createAnswerGuard({ steps, catalogue, facts, now: nowMicros, ask });
}

/** What the client gets of a finished answer: the rest of it, or a notice. */
export interface ClosedAnswer {
  readonly released: readonly AnswerPiece[];
  readonly notice: Notice | undefined;
  /** A person released it while the client waited: the text is theirs, and nothing of the provider stands beside it. */
  readonly reviewed?: true;
}

/**
 * Notes what the output phase said of a finished answer, and says what the client gets: the rest of it, or a notice. An
 * escalated answer is handed to the review desk. Throws `review_unavailable` when that fails: nothing is released then.
 */
export async function closeAnswer(
  relay: Relay,
  { released, outcome }: { readonly released: readonly AnswerPiece[]; readonly outcome: AnswerOutcome },
): Promise<ClosedAnswer> {
  noteOutcome(relay.exchange, outcome);
  if (outcome.blockedBy !== undefined)
    return { released: [], notice: blockNotice(relay, outcome, outcome.blockedBy) };
  if (outcome.escalatedBy !== undefined) {
    return hold(relay, outcome, outcome.escalatedBy);
  }
  return { released, notice: undefined };
}

/** One answer of text and nothing else: what a reviewer saw and released. */
export function onlyText(upstream: Upstream): Upstream {
  return { ...upstream, finish: new Map([[0, 'stop']]), ids: new Map(), beside: new Map() };
}

/** What the event says of how an answer came about. */
export function detailOf({ reviewed }: ClosedAnswer): { detail?: string } {
  return reviewed ? { detail: 'released after review' } : {};
}

/** Usage from the provider, or a labelled estimate of what was produced so far. */
export function settleUsage({ exchange, texts }: Relay, upstream: Upstream): void {
  const known = upstream.usageSeen || exchange.usage !== upstream.earlier;
  if (known || !upstream.begun) return;
  exchange.usage = addUsage(upstream.earlier, estimateUsage(texts, upstream.produced));
}

/** Asks those who only record, when the client has its answer, and notes what they say on the exchange. */
export async function observeAnswer({ exchange, late }: Relay, guard: AnswerGuard): Promise<void> {
  if (!guard.observes || late.aborted) return;
  const outcome = await guard.observe();
  for (const record of outcome.records) {
    const at = exchange.policies.findLastIndex(
      ({ kind, phase }) => kind === record.kind && phase === 'output',
    );
    exchange.policies[at] = record;
  }
  exchange.bypassed.push(...outcome.bypassed.filter((kind) => !exchange.bypassed.includes(kind)));
  raiseVerdict(exchange, outcome);
}

/** Verdict and records of the output phase. */
export function noteOutcome(exchange: Relay['exchange'], outcome: AnswerOutcome): void {
  raiseVerdict(exchange, outcome);
  exchange.policies.push(...outcome.records);
  exchange.bypassed.push(...outcome.bypassed);
}

function raiseVerdict(exchange: Relay['exchange'], { verdict }: AnswerOutcome): void {
  const rank = Math.max(VERDICTS.indexOf(exchange.verdict), VERDICTS.indexOf(verdict));
  exchange.verdict = VERDICTS[rank] ?? 'none';
}

function blockNotice({ exchange }: Relay, outcome: AnswerOutcome, policy: string): Notice {
  return { code: 'output_blocked', text: outcome.message ?? exchange.deployment.pack.message, policy };
}

async function hold(relay: Relay, outcome: AnswerOutcome, policy: string): Promise<ClosedAnswer> {
  const step = relay.exchange.deployment.pack.chain.find(({ kind }) => kind === policy);
  const settings = isObject(step?.settings as Json) ? (step?.settings as { [key: string]: Json }) : {};
  const seconds = settings['timeout_seconds'];
  const approvals = settings['required_approvals'];
  const answer = outcome.answer.filter(({ choice, kind }) => choice === 0 && kind === 'content');
  const notice = await holdAnswer(
    relay.exchange,
    {
      hash: relay.requestHash(),
      answer: answer.map(({ text }) => text).join(''),
      rules: outcome.heldFor,
      timeoutSeconds: typeof seconds === 'number' ? seconds : DEFAULT_REVIEW_SECONDS,
      onTimeout: settings['on_timeout'] === 'release' ? 'release' : 'reject',
      approvalsNeeded: typeof approvals === 'number' ? approvals : 1,
    },
    relay.kit.ports,
  );
  const wait = settings['wait_seconds'];
  return typeof wait === 'number' && wait > 0 ? waitFor(relay, wait, notice) : { released: [], notice };
}

/** Keeps the client waiting for the person; what is decided in time is its answer. */
async function waitFor(relay: Relay, seconds: number, pending: Notice): Promise<ClosedAnswer> {
  const { exchange, client, late, kit } = relay;
  const { reviews } = kit.ports;
  if (!reviews) return { released: [], notice: pending };
  const became = await awaitDecision({
    desk: reviews,
    caseId: exchange.requestId,
    seconds,
    signal: AbortSignal.any([client, late]),
    pollMs: kit.options.reviewPollMs,
  });
  if (became === 'pending') return { released: [], notice: pending };
  if (became === 'declined') return { released: [], notice: declinedNotice() };
  const text = { choice: 0, kind: 'content', index: 0, text: became.text } as const;
  return { released: [text], notice: undefined, reviewed: true };
}
