import { NO_USAGE, type Usage } from '#core/cost/usage.ts';
import type { AnswerOutcome, AnswerPiece } from '#core/policy/answer.ts';
import type { AnswerGuard } from '#core/policy/answer-guard.ts';
import { callInput } from './call-input.ts';
import { callProvider, MAX_CALLS, type Served } from './call-provider.ts';
import { openGuard, settleUsage } from './guard-output.ts';
import type { Relay } from './relay.ts';
import { callsIn } from './routing/attempts.ts';
import { createUpstream, type Upstream } from './upstream.ts';

/** One answer of the provider under way through its own guard. A client call has at most two. */
export interface Take {
  readonly guard: AnswerGuard;
  readonly upstream: Upstream;
}

/** An answer that was guarded to its end. */
export interface FinishedTake {
  readonly guard: AnswerGuard;
  readonly upstream: Upstream;
  readonly released: readonly AnswerPiece[];
  readonly outcome: AnswerOutcome;
  readonly modelUsed: string | undefined;
  readonly providerRequestId: string | undefined;
}

/** `earlier` is what another answer to the same call has used already. */
export function openTake(relay: Relay, earlier: Usage = NO_USAGE): Take {
  return { guard: openGuard(relay), upstream: createUpstream(earlier) };
}

/** Ends the guard and settles what was used up to here. Remote detectors that decide are asked now. */
export async function finishTake(relay: Relay, { guard, upstream }: Take): Promise<FinishedTake> {
  const local = guard.finish([...upstream.finish.values()]);
  settleUsage(relay, upstream);
  const { modelUsed, providerRequestId } = relay.exchange;
  const { released, outcome } = guard.asks ? await guard.conclude() : local;
  return { guard, upstream, released, outcome, modelUsed, providerRequestId };
}

/** A policy wants another answer, nothing was released, and there is a call left and somebody to wait for it. */
export function mayAskAgain({ exchange, stop, client, late }: Relay, { outcome }: FinishedTake): boolean {
  // An audio says the same when it is heard twice.
  if (exchange.attachment) return false;
  if (!outcome.retry || callsIn(exchange.attempts) >= MAX_CALLS) return false;
  return ![stop.signal, client, late].some(({ aborted }) => aborted);
}

/** The same request once more, to the same target, without attempts beyond this one. */
export async function askAgain({ exchange, served, stop, client, late, kit }: Relay): Promise<Served> {
  const signal = AbortSignal.any([client, stop.signal, late]);
  const targets = [{ ...served.target, max_attempts: 1 }];
  const again = await callProvider(callInput(exchange, targets, signal), kit);
  exchange.providerRequestId = again.answer.requestId;
  return again;
}

/**
 * The better of two answers to the same call: one that nobody stopped, then one that is good enough, then the higher score. The
 * exchange is told whose it is, and that there was another.
 */
export function chooseTake({ exchange }: Relay, first: FinishedTake, second: FinishedTake): FinishedTake {
  const chosen = rank(second) > rank(first) ? second : first;
  const other = chosen === first ? second : first;
  exchange.modelUsed = chosen.modelUsed;
  exchange.providerRequestId = chosen.providerRequestId;
  noteDiscarded(exchange.policies, other.outcome);
  exchange.bypassed.push(...other.outcome.bypassed.filter((kind) => !chosen.outcome.bypassed.includes(kind)));
  return chosen;
}

/** 3 = nothing against it, 1..2 = below the threshold but may go out, 0..1 = stopped by who wanted a retry, -1 = by another. */
function rank({ outcome: { blockedBy, retry } }: FinishedTake): number {
  if (!retry) return blockedBy === undefined ? 3 : -1;
  return retry.score + (blockedBy === undefined ? 1 : 0);
}

/** What was found in the answer nobody got: a record of its own, which changed nothing. */
function noteDiscarded(policies: Relay['exchange']['policies'], { records, retry }: AnswerOutcome): void {
  const found = records.filter(({ kind, action }) => action !== 'allow' || kind === retry?.kind);
  policies.push(...found.map((record) => ({ ...record, action: 'allow' as const, reason: DISCARDED })));
}

const DISCARDED = 'answer.discarded';
