import { askAboutInput, asksRemote } from '#core/policy/ask-input.ts';
import { type InputFacts, type InputOutcome, runInputChain } from '#core/policy/input-chain.ts';
import type { ExchangeFacts, Leaf } from '#core/policy/policy.ts';
import type { Exchange } from './exchange.ts';
import type { ExchangeKit } from './kit.ts';
import { nowMicros } from './now-micros.ts';
import type { Notice } from './refusal.ts';
import { createAsker } from './remote/ask-remote.ts';

/** What the input phase leaves behind: a notice for the person, or the edited leaves and the facts for the output phase; with `heldFor`, both. */
export interface GuardedInput {
  readonly notice: Notice | undefined;
  /** Rule ids. A person may let the request through; where nobody can be asked, the notice stands. */
  readonly heldFor: readonly string[] | undefined;
  readonly leaves: readonly Leaf[];
  readonly facts: ExchangeFacts;
}

/**
 * Runs the input chain over every string of the request and notes what it said on the exchange. Remote detectors are asked last, and
 * only about what nothing here stopped, or a person has let through.
 */
export async function guardInput(
  exchange: Exchange,
  leaves: readonly Leaf[],
  facts: InputFacts,
  waiting: AbortSignal,
  kit: ExchangeKit,
  letThrough = false,
): Promise<GuardedInput> {
  const { catalogue, buildInput } = kit.options;
  const { pack } = exchange.deployment;
  const tools = { now: nowMicros, buildInput };
  const local = runInputChain(pack.chain, catalogue, leaves, facts, tools);
  const stopped = unreadableNotice(exchange);
  const outcome =
    stopped === undefined && asksRemote(pack.chain, catalogue)
      ? await askAboutInput(local, pack.chain, catalogue, facts, {
          ...tools,
          letThrough,
          ask: createAsker(exchange, waiting, kit),
        })
      : local;
  exchange.verdict = outcome.verdict;
  exchange.policies.push(...outcome.records);
  exchange.bypassed.push(...outcome.bypassed);

  const policy = outcome.blockedBy ?? outcome.escalatedBy;
  const text = outcome.message ?? pack.message;
  if (policy === undefined && stopped) exchange.verdict = 'blocked';
  return {
    heldFor:
      outcome.blockedBy === undefined && !stopped && outcome.escalatedBy ? rulesOf(outcome) : undefined,
    notice: policy === undefined ? stopped : { code: 'input_blocked', text, policy },
    leaves: outcome.leaves,
    facts: { ...facts, input: buildInput(outcome.leaves), verdicts: outcome.verdicts },
  };
}

/** What the escalating steps found; the reason of one that found nothing (it failed). */
function rulesOf({ records }: InputOutcome): string[] {
  const escalating = records.filter(({ mode, action }) => mode === 'enforce' && action === 'escalate');
  const found = escalating.flatMap(({ rules, reason }) => {
    const ids = Object.keys(rules);
    return ids.length > 0 ? ids : [reason];
  });
  return [...new Set(found)];
}

/** Shown where a pack does not accept what no policy can read. */
export const UNREADABLE = 'Images, audio and files are not accepted here, because they cannot be checked.';

/** Parts no policy can read, where the pack says that they must not pass. */
function unreadableNotice(exchange: Exchange): Notice | undefined {
  if (exchange.unscannedParts.length === 0 || exchange.deployment.pack.unscanned_parts === 'pass')
    return undefined;
  return { code: 'input_blocked', text: UNREADABLE, policy: 'unscanned-parts' };
}
