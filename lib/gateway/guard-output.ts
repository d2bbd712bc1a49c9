import { addUsage } from '#core/cost/usage.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { estimateUsage } from '#core/openai/usage.ts';
import type { AnswerOutcome, AnswerPiece } from '#core/policy/answer.ts';
import { type AnswerGuard, createAnswerGuard } from '#core/policy/answer-guard.ts';
import { releasedText } from '#core/review/case.ts';
import { decisionOn } from './await-decision.ts';
import { declinedNotice, openCase } from './held.ts';
import { nowMicros } from './now-micros.ts';
import type { Notice } from './refusal.ts';
import type { Relay } from './relay.ts';
import { createAsker } from './remote/ask-remote.ts';
import { reviewTerms } from './review-terms.ts';
import type { Upstream } from './upstream.ts';

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
    return hold(relay, outcome);
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

async function hold(relay: Relay, outcome: AnswerOutcome): Promise<ClosedAnswer> {
  const { exchange, kit } = relay;
  const terms = reviewTerms(exchange.deployment.pack.chain);
  const answer = outcome.answer.filter(({ choice, kind }) => choice === 0 && kind === 'content');
  const text = answer.map(({ text }) => text).join('');
  const held = { hash: relay.requestHash(), phase: 'output', text, rules: outcome.heldFor } as const;
  const notice = await openCase(exchange, held, terms, kit.ports);
  return terms.waitSeconds > 0 ? waitFor(relay, terms.waitSeconds, notice) : { released: [], notice };
}

/** Keeps the client waiting for the person; what is decided in time is its answer. */
async function waitFor(relay: Relay, seconds: number, pending: Notice): Promise<ClosedAnswer> {
  const decided = await decisionOn(relay, seconds);
  if (!decided) return { released: [], notice: pending };
  const text = releasedText(decided);
  if (text === undefined) return { released: [], notice: declinedNotice('output') };
  const piece = { choice: 0, kind: 'content', index: 0, text } as const;
  return { released: [piece], notice: undefined, reviewed: true };
}
