import canonicalize from 'canonicalize';
import { GatewayError } from '#core/errors.ts';
import type { JsonObject } from '#core/json.ts';
import type { ChainStep } from '#core/pack/pack.ts';
import type { Catalogue } from '#core/policy/policy.ts';
import { type ReviewCase, releasedText } from '#core/review/case.ts';
import { sha256Hex } from '#core/text/hash.ts';
import type { Exchange } from './exchange.ts';
import type { ExchangeKit } from './kit.ts';
import type { GatewayPorts } from './ports.ts';
import type { Notice } from './refusal.ts';

/** How long a decided answer is served to repeats of its request. */
const SERVE_MS = 24 * 60 * 60 * 1000;

/** Shown instead of an answer that waits for a decision. */
export const PENDING =
  'This answer is waiting for a person to review it. Ask the same thing again later to get it.';
const DECLINED = 'A reviewer decided not to release this answer.';

/** SHA-256 of what makes two requests the same: everything but transport and attribution. */
export function requestHash(body: JsonObject): string {
  const { stream: _stream, stream_options: _options, user: _user, ...rest } = body;
  return sha256Hex(canonicalize(rest) ?? '');
}

/** What a repeat of a held request gets: the decided text, a notice, or nothing (an ordinary call then). */
export async function heldAnswer(
  exchange: Exchange,
  hash: () => string,
  { ports, options: { catalogue } }: ExchangeKit,
): Promise<{ text: string } | { notice: Notice } | undefined> {
  const { pack } = exchange.deployment;
  if (!ports.reviews || !mayHold(pack.chain, catalogue)) return undefined;
  const found = await ports.reviews.findByRequest(exchange.caller.app.id, hash()).catch((cause: unknown) => {
    throw new GatewayError(
      'review_unavailable',
      'Held answers cannot be read right now. Try again in a moment.',
      { cause },
    );
  });
  // Bound to the pack that held it: another pack may judge differently.
  if (!found || found.packHash !== pack.hash) return undefined;
  if (found.decision && Date.parse(found.decision.at) + SERVE_MS < ports.clock.now()) return undefined;

  exchange.reviewId = found.id;
  exchange.verdict = 'escalated';
  if (!found.decision) {
    await restart(found, ports);
    return { notice: pendingNotice() };
  }
  const text = releasedText(found);
  return text === undefined ? { notice: declinedNotice() } : { text };
}

/** Whether any step of the chain can hand an answer to a person; the others cost no look-up. */
function mayHold(chain: readonly ChainStep[], catalogue: Catalogue): boolean {
  return chain.some(({ kind, settings, on_error }) => {
    const { action } = settings as { action?: unknown };
    return (
      on_error === 'escalate' || (action === 'escalate' && catalogue.get(kind)?.needs(settings) !== 'none')
    );
  });
}

/** A case whose machine could not be started when it was opened; starting one that runs does nothing. */
async function restart(found: ReviewCase, ports: GatewayPorts): Promise<void> {
  const left = Math.ceil((Date.parse(found.dueAt) - ports.clock.now()) / 1000);
  await ports.flow?.start(found.id, Math.max(1, left)).catch(() => undefined);
}

/** Opens a review case for an escalated answer. Throws `review_unavailable`; the answer is not released then. */
export async function holdAnswer(
  exchange: Exchange,
  held: {
    hash: string;
    answer: string;
    rules: readonly string[];
    timeoutSeconds: number;
    onTimeout: 'reject' | 'release';
    approvalsNeeded: number;
  },
  ports: GatewayPorts,
): Promise<Notice> {
  const now = ports.clock.now();
  const reviewCase: ReviewCase = {
    id: exchange.requestId,
    appId: exchange.caller.app.id,
    keyId: exchange.caller.keyId,
    requestHash: held.hash,
    packHash: exchange.deployment.pack.hash,
    model: exchange.model,
    state: 'open',
    openedAt: new Date(now).toISOString(),
    dueAt: new Date(now + held.timeoutSeconds * 1000).toISOString(),
    onTimeout: held.onTimeout,
    rules: [...held.rules],
    answer: held.answer,
    answerChars: held.answer.length,
    ...(held.approvalsNeeded > 1 && { approvalsNeeded: held.approvalsNeeded }),
  };
  try {
    if (!ports.reviews || !ports.flow) throw new Error('no review desk is connected');
    await ports.reviews.open(reviewCase);
    await ports.flow.start(reviewCase.id, held.timeoutSeconds);
  } catch (cause) {
    throw new GatewayError(
      'review_unavailable',
      'The answer needs a review that cannot be started right now.',
      { cause },
    );
  }
  exchange.reviewId = reviewCase.id;
  return pendingNotice();
}

function pendingNotice(): Notice {
  return { code: 'review_pending', text: PENDING, policy: 'human-oversight' };
}

export function declinedNotice(): Notice {
  return { code: 'output_blocked', text: DECLINED, policy: 'human-oversight' };
}
