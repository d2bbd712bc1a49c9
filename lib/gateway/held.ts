import canonicalize from 'canonicalize';
import { GatewayError } from '#core/errors.ts';
import type { JsonObject } from '#core/json.ts';
import type { ChainStep } from '#core/pack/pack.ts';
import type { Catalogue, Phase } from '#core/policy/policy.ts';
import { isReleased, type ReviewCase, releasedText } from '#core/review/case.ts';
import { sha256Hex } from '#core/text/hash.ts';
import type { Exchange } from './exchange.ts';
import type { ExchangeKit } from './kit.ts';
import type { GatewayPorts } from './ports.ts';
import type { Notice } from './refusal.ts';
import type { ReviewTerms } from './review-terms.ts';

/** How long a decided answer is served to repeats of its request. */
const SERVE_MS = 24 * 60 * 60 * 1000;

/** Shown instead of what waits for a decision. */
export const PENDING = {
  input:
    'This request is waiting for a person to review it. Ask the same thing again later to get an answer.',
  output: 'This answer is waiting for a person to review it. Ask the same thing again later to get it.',
} as const;
const DECLINED = {
  input: 'A reviewer decided not to let this request through.',
  output: 'A reviewer decided not to release this answer.',
} as const;

/** SHA-256 of what makes two requests the same: everything but transport and attribution. */
export function requestHash(body: JsonObject): string {
  const { stream: _stream, stream_options: _options, user: _user, ...rest } = body;
  return sha256Hex(canonicalize(rest) ?? '');
}

/** What became of the newest case of a request: its decided text, a notice of ours, or leave to go on to the provider. */
export type Repeat = { readonly text: string } | { readonly notice: Notice } | 'let-through';

/** What a repeat of a held request gets; nothing where none was held (an ordinary call then). */
export async function repeatOf(
  exchange: Exchange,
  hash: () => string,
  { ports, options: { catalogue } }: ExchangeKit,
): Promise<Repeat | undefined> {
  const { pack } = exchange.deployment;
  if (!ports.reviews || !mayHold(pack.chain, catalogue)) return undefined;
  const found = await ports.reviews.findByRequest(exchange.caller.app.id, hash()).catch((cause: unknown) => {
    throw new GatewayError('review_unavailable', 'Reviews cannot be read right now. Try again in a moment.', {
      cause,
    });
  });
  // Bound to the pack that held it: another pack may judge differently.
  if (!found || found.packHash !== pack.hash) return undefined;
  const { phase = 'output' } = found;
  // The request of another route, which has the same words.
  if (phase === 'output' && !exchange.modelRoute.format) return undefined;
  if (found.decision && Date.parse(found.decision.at) + SERVE_MS < ports.clock.now()) return undefined;

  exchange.reviewId = found.id;
  exchange.verdict = 'escalated';
  if (!found.decision) {
    await restart(found, ports);
    return { notice: pendingNotice(phase) };
  }
  if (!isReleased(found)) return { notice: declinedNotice(phase) };
  const text = releasedText(found);
  return text === undefined ? 'let-through' : { text };
}

/** Whether any step of the chain can hand a request or an answer to a person; the others cost no look-up. */
function mayHold(chain: readonly ChainStep[], catalogue: Catalogue): boolean {
  return chain.some(({ kind, settings, on_error }) => {
    const policy = catalogue.get(kind);
    const { action } = settings as { action?: unknown };
    const judges = policy?.input !== undefined || policy?.needs(settings) !== 'none';
    return on_error === 'escalate' || (action === 'escalate' && judges);
  });
}

/** A case whose machine could not be started when it was opened; starting one that runs does nothing. */
async function restart(found: ReviewCase, ports: GatewayPorts): Promise<void> {
  const left = Math.ceil((Date.parse(found.dueAt) - ports.clock.now()) / 1000);
  await ports.flow?.start(found.id, Math.max(1, left)).catch(() => undefined);
}

/** What a person is to see. */
interface Held {
  readonly hash: string;
  readonly phase: Phase;
  readonly text: string;
  /** Rule ids. */
  readonly rules: readonly string[];
}

/** Opens a review case. Throws `review_unavailable`; nothing goes on then. */
export async function openCase(
  exchange: Exchange,
  held: Held,
  terms: ReviewTerms,
  ports: GatewayPorts,
): Promise<Notice> {
  const reviewCase = caseOf(exchange, held, terms, ports);
  try {
    if (!ports.reviews || !ports.flow) throw new Error('no review desk is connected');
    await ports.reviews.open(reviewCase);
    await ports.flow.start(reviewCase.id, terms.timeoutSeconds);
  } catch (cause) {
    throw new GatewayError(
      'review_unavailable',
      `The ${held.phase === 'input' ? 'request' : 'answer'} needs a review that cannot be started right now.`,
      { cause },
    );
  }
  exchange.reviewId = reviewCase.id;
  return pendingNotice(held.phase);
}

/** A call whose request was held has given its own id to that case. */
function caseOf(
  exchange: Exchange,
  held: Held,
  terms: ReviewTerms,
  { clock, ids }: GatewayPorts,
): ReviewCase {
  const now = clock.now();
  const { requestId } = exchange;
  const again = exchange.reviewId === requestId;
  return {
    id: again ? ids.next() : requestId,
    ...(again && { requestId }),
    ...(held.phase === 'input' && { phase: held.phase }),
    appId: exchange.caller.app.id,
    keyId: exchange.caller.keyId,
    requestHash: held.hash,
    packHash: exchange.deployment.pack.hash,
    model: exchange.model,
    state: 'open',
    openedAt: new Date(now).toISOString(),
    dueAt: new Date(now + terms.timeoutSeconds * 1000).toISOString(),
    onTimeout: terms.onTimeout,
    rules: [...held.rules],
    answer: held.text,
    answerChars: held.text.length,
    ...(terms.approvalsNeeded > 1 && { approvalsNeeded: terms.approvalsNeeded }),
  };
}

function pendingNotice(phase: Phase): Notice {
  return { code: 'review_pending', text: PENDING[phase], policy: 'human-oversight' };
}

export function declinedNotice(phase: Phase): Notice {
  return { code: `${phase}_blocked`, text: DECLINED[phase], policy: 'human-oversight' };
}
