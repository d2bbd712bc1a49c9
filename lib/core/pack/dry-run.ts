import type { JsonObject } from '#core/json.ts';
import { walkRequest } from '#core/openai/leaves.ts';
import { isProbe, isStructured } from '#core/openai/request-facts.ts';
import type { AnswerDelta, AnswerOutcome, AnswerPiece } from '#core/policy/answer.ts';
import { createAnswerGuard } from '#core/policy/answer-guard.ts';
import { type InputOutcome, runInputChain } from '#core/policy/input-chain.ts';
import type { Catalogue, ExchangeFacts, Leaf } from '#core/policy/policy.ts';
import { createInputText } from '#core/text/build-views.ts';
import { pseudonyms } from '#core/text/pseudonym.ts';
import type { Pack } from './pack.ts';

/** A pack with what it needs to run, but no provider. `now` is a clock in microseconds. */
export interface DryRunner {
  readonly pack: Pack;
  readonly catalogue: Catalogue;
  now(): number;
}

/** A request after the input chain, and what the output guard needs to know of it. */
export interface DryInput {
  /** Every string of the request, as it came. */
  readonly leaves: readonly Leaf[];
  readonly unscannedParts: readonly string[];
  readonly outcome: InputOutcome;
  /** Nothing would be forwarded. */
  readonly stopped: boolean;
  readonly facts: ExchangeFacts;
}

/** An answer after the output guard. */
export interface DryOutput {
  /** What the client would get of the provider's answer. */
  readonly released: readonly AnswerPiece[];
  readonly outcome: AnswerOutcome;
}

/** Placeholders of a dry run belong to no tenant. */
const TENANT_KEY = 'dry run';

/** Runs a chat request through the input chain, exactly as the gateway would before it calls the provider. */
export function dryInput({ pack, catalogue, now }: DryRunner, request: JsonObject): DryInput {
  const { leaves, unscannedParts } = walkRequest(request);
  const facts = {
    probe: isProbe(request),
    structuredOutput: isStructured(request),
    model: String(request['model'] ?? ''),
    pseudonym: pseudonyms(TENANT_KEY),
    vault: new Map<string, string>(),
    // In the middle: sampling decides the same in every run.
    sample: 0.5,
  };
  const outcome = runInputChain(pack.chain, catalogue, leaves, facts, { now, buildInput: createInputText });
  return {
    leaves,
    unscannedParts,
    outcome,
    stopped: (outcome.blockedBy ?? outcome.escalatedBy) !== undefined || refusesParts(pack, unscannedParts),
    facts: { ...facts, input: createInputText(outcome.leaves), verdicts: outcome.verdicts },
  };
}

/** Runs an answer to that request through the output guard, cut as the deltas are. */
export function dryOutput(
  { pack, catalogue, now }: DryRunner,
  { facts }: DryInput,
  deltas: readonly AnswerDelta[],
  finishReason: string,
): DryOutput {
  const guard = createAnswerGuard({ steps: pack.chain, catalogue, facts, now });
  const released: AnswerPiece[] = [];
  for (const delta of deltas) {
    const step = guard.push(delta);
    released.push(...step.released);
    if (step.blocked) break;
  }
  const end = guard.finish([finishReason]);
  return { released: [...released, ...end.released], outcome: end.outcome };
}

/** Images, audio and files, where the pack does not let them pass. */
export function refusesParts({ unscanned_parts }: Pack, parts: readonly string[]): boolean {
  return parts.length > 0 && unscanned_parts === 'block';
}
