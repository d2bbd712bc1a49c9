import type { JsonObject } from '#core/json.ts';
import { ProviderFailure } from '#providers/failure.ts';
import type { WholeFormat } from './answer-format.ts';
import { assemble, type Part } from './answer-parts.ts';
import { answerOf, refuse, settled } from './answers.ts';
import { closeAnswer, detailOf, observeAnswer, onlyText } from './guard-output.ts';
import type { Relay } from './relay.ts';
import { releaseBeside } from './release-beside.ts';
import { standardHeaders } from './respond.ts';
import {
  askAgain,
  chooseTake,
  type FinishedTake,
  finishTake,
  mayAskAgain,
  openTake,
  type Take,
} from './take.ts';
import { readUpstream } from './upstream.ts';

/** Guards a whole answer and hands it on in one piece. */
export async function relayWhole(relay: Relay, format: WholeFormat): Promise<Response> {
  const { exchange, served, kit } = relay;
  if (served.answer.kind !== 'whole')
    throw new ProviderFailure('provider_error', 'The provider streamed unasked.');
  const first = await readTake(relay, served.answer.body, openTake(relay));
  const take = mayAskAgain(relay, first) ? await secondTake(relay, first) : first;
  const closed = await closeAnswer(relay, take);
  await observeAnswer(relay, take.guard);
  if (closed.notice) return refuse(exchange, closed.notice, kit);

  const upstream = closed.reviewed ? onlyText(take.upstream) : take.upstream;
  exchange.charsOut = shownChars(closed.released);
  const beside = closed.reviewed ? new Map() : releaseBeside(relay, take);
  const body = format.whole({ exchange, upstream, choices: assemble(closed.released), beside });
  const headers = standardHeaders(answerOf(exchange));
  headers.set('content-type', format.contentType(exchange));
  const finishReason = upstream.finish.get(0) ?? 'stop';
  const ending = {
    type: 'request.completed',
    status: 200,
    complete: true,
    finishReason,
    ...detailOf(closed),
  } as const;
  return settled(exchange, 200, headers, body, ending, kit);
}

/** What a person reads: all but calls of tools. */
function shownChars(parts: readonly Part[]): number {
  const shown = parts.filter(({ kind }) => !kind.startsWith('tool-'));
  return shown.reduce((sum, { text }) => sum + text.length, 0);
}

/** Guards one whole answer to its end. */
async function readTake(relay: Relay, body: JsonObject, take: Take): Promise<FinishedTake> {
  const pieces: Part[] = [];
  for (const part of readUpstream(relay.exchange, take.upstream, body)) {
    pieces.push(...take.guard.push(part).released);
  }
  const finished = await finishTake(relay, take);
  return { ...finished, released: [...pieces, ...finished.released] };
}

/** Asks once more. When that fails, the first answer is still there, unless nobody waits for it. */
async function secondTake(relay: Relay, first: FinishedTake): Promise<FinishedTake> {
  try {
    const { answer } = await askAgain(relay);
    if (answer.kind !== 'whole') return first;
    const second = await readTake(relay, answer.body, openTake(relay, relay.exchange.usage));
    return chooseTake(relay, first, second);
  } catch (error) {
    if (relay.client.aborted) throw error;
    return first;
  }
}
