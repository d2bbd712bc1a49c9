import type { JsonObject } from '#core/json.ts';
import { putLeaves, walkRequest } from '#core/openai/leaves.ts';
import type { InputFacts } from '#core/policy/input-chain.ts';
import type { Exchange } from '../exchange.ts';
import { createFacts } from '../facts.ts';
import { guardInput } from '../guard-input.ts';
import { noteOutcome, openGuard } from '../guard-output.ts';
import type { ExchangeKit } from '../kit.ts';
import type { Notice } from '../refusal.ts';
import { MODERATION } from './moderation-words.ts';

/** The chain's word on texts that Dify holds: a notice instead of them, or the texts as they may be used. */
export type Judged<T> = { readonly notice: Notice } | { readonly edited: T | undefined };

/** Nobody draws lots here: the same text, asked about as it grows, is judged the same. Only "always" is below it. */
const NEVER_SAMPLED = 1 - 2 ** -48;

/** Runs the input chain over everything a person wrote. */
export async function judgeInput<T extends JsonObject>(
  exchange: Exchange,
  asked: T,
  late: AbortSignal,
  kit: ExchangeKit,
): Promise<Judged<T>> {
  const walked = walkRequest(asked, MODERATION.governance.request);
  exchange.charsIn = walked.leaves.reduce((sum, leaf) => sum + leaf.text.length, 0);
  exchange.unscannedParts.push(...walked.unscannedParts);
  const { notice, leaves } = await guardInput(exchange, walked.leaves, factsOf(exchange), late, kit);
  if (notice) return { notice };
  return { edited: exchange.verdict === 'redacted' ? (putLeaves(asked, leaves) as T) : undefined };
}

/** Runs the output chain over an answer, or over what there is of it. Nobody can be asked to release it: what is to be held is stopped. */
export async function judgeOutput(
  exchange: Exchange,
  text: string,
  late: AbortSignal,
  kit: ExchangeKit,
): Promise<Judged<string>> {
  const facts = { ...factsOf(exchange), input: kit.options.buildInput([]), verdicts: new Map() };
  const guard = openGuard({ exchange, facts, client: late, late, kit });
  exchange.charsOut = text.length;
  const early = guard.push({ choice: 0, kind: 'content', text }).released;
  const finished = guard.finish([]);
  const { released, outcome } = guard.asks ? await guard.conclude() : finished;
  noteOutcome(exchange, outcome);
  const policy = outcome.blockedBy ?? outcome.escalatedBy;
  if (policy !== undefined) {
    const message = outcome.message ?? exchange.deployment.pack.message;
    return { notice: { code: 'output_blocked', text: message, policy } };
  }
  const guarded = [...early, ...released].map((piece) => piece.text).join('');
  return { edited: guarded === text ? undefined : guarded };
}

function factsOf(exchange: Exchange): InputFacts {
  return { ...createFacts(exchange), sample: NEVER_SAMPLED };
}
