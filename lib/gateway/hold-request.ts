import { showPath } from '#core/openai/leaves.ts';
import type { Target } from '#core/pack/pack.ts';
import type { ExchangeFacts, Leaf } from '#core/policy/policy.ts';
import type { Exchange } from './exchange.ts';
import { openCase } from './held.ts';
import type { ExchangeKit } from './kit.ts';
import type { Notice } from './refusal.ts';
import { reviewTerms } from './review-terms.ts';

/** A request that passed the input chain, before anything is set aside for it. */
export interface Judged {
  readonly exchange: Exchange;
  readonly targets: readonly Target[];
  /** As the client sent them. */
  readonly asked: readonly Leaf[];
  /** As the provider gets them. */
  readonly leaves: readonly Leaf[];
  readonly facts: ExchangeFacts;
  readonly requestHash: () => string;
  /** Aborted when the client left, where the door can see that. */
  readonly client: AbortSignal;
  /** Aborted when the door's deadline came. */
  readonly late: AbortSignal;
  readonly kit: ExchangeKit;
  /** A person has to let it through first. */
  readonly review?: PendingRequest;
}

export interface PendingRequest {
  /** How long the client is kept waiting. */
  readonly seconds: number;
  /** What it is told when nobody has decided then. */
  readonly pending: Notice;
}

/**
 * Hands a request to the review desk, as the provider would get it: redacted, every string with its place. No provider was called, and
 * no money is set aside while it waits. Throws `review_unavailable`.
 */
export async function holdRequest(judged: Judged, rules: readonly string[]): Promise<PendingRequest> {
  const { exchange, leaves, requestHash, kit } = judged;
  const terms = reviewTerms(exchange.deployment.pack.chain);
  const text = leaves.filter(({ fixed }) => !fixed).map(shown);
  const held = { hash: requestHash(), phase: 'input', text: text.join('\n\n'), rules } as const;
  const pending = await openCase(exchange, held, terms, kit.ports);
  return { seconds: terms.waitSeconds, pending };
}

function shown({ path, role, text }: Leaf): string {
  return `${showPath(path)} (${role}):\n${text}`;
}
