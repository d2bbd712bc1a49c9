import type { JsonObject } from '#core/json.ts';
import { writeUsage } from '#core/openai/usage.ts';
import { ProviderFailure } from '#providers/failure.ts';
import { type Assembled, assemble, callsOnWire, type Part } from './answer-parts.ts';
import { answerOf, refuse, settled } from './answers.ts';
import { closeAnswer } from './guard-output.ts';
import { answerHead } from './refusal.ts';
import type { Relay } from './relay.ts';
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
import { readUpstream, type Upstream } from './upstream.ts';

/** Guards a whole answer and hands it on as one completion. */
export async function relayWhole(relay: Relay): Promise<Response> {
  const { exchange, served, kit } = relay;
  if (served.answer.kind !== 'whole')
    throw new ProviderFailure('provider_error', 'The provider streamed unasked.');
  const first = readTake(relay, served.answer.body, openTake(relay));
  const take = mayAskAgain(relay, first) ? await secondTake(relay, first) : first;
  const closed = await closeAnswer(relay, take);
  if (closed.notice) return refuse(exchange, closed.notice, kit);

  const { upstream } = take;
  const body = completion(relay, upstream, assemble(closed.released));
  const headers = standardHeaders(answerOf(exchange));
  headers.set('content-type', 'application/json');
  const finishReason = upstream.finish.get(0) ?? 'stop';
  const ending = { type: 'request.completed', status: 200, complete: true, finishReason } as const;
  return settled(exchange, 200, headers, JSON.stringify(body), ending, kit);
}

/** Guards one whole answer to its end. */
function readTake(relay: Relay, body: JsonObject, take: Take): FinishedTake {
  const pieces: Part[] = [];
  for (const part of readUpstream(relay.exchange, take.upstream, body)) {
    pieces.push(...take.guard.push(part).released);
  }
  const finished = finishTake(relay, take);
  return { ...finished, released: [...pieces, ...finished.released] };
}

/** Asks once more. When that fails, the first answer is still there, unless nobody waits for it. */
async function secondTake(relay: Relay, first: FinishedTake): Promise<FinishedTake> {
  try {
    const { answer } = await askAgain(relay);
    if (answer.kind !== 'whole') return first;
    return chooseTake(relay, first, readTake(relay, answer.body, openTake(relay, relay.exchange.usage)));
  } catch (error) {
    if (relay.client.aborted) throw error;
    return first;
  }
}

function completion(relay: Relay, upstream: Upstream, choices: Map<number, Assembled>): JsonObject {
  const indices = [...new Set([...choices.keys(), ...upstream.finish.keys(), 0])].sort((a, b) => a - b);
  return {
    ...answerHead(relay.exchange, 'chat.completion'),
    choices: indices.map((index) => choiceOnWire(index, choices.get(index), upstream)),
    usage: writeUsage(relay.exchange.usage),
  };
}

function choiceOnWire(index: number, assembled: Assembled | undefined, upstream: Upstream): JsonObject {
  const text = assembled?.text;
  const reasoning = text?.get('reasoning');
  const calls = assembled ? callsOnWire(index, assembled, upstream.ids) : {};
  const content = text?.get('content') ?? ('tool_calls' in calls || 'function_call' in calls ? null : '');
  return {
    index,
    message: {
      role: 'assistant',
      content,
      ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
      refusal: text?.get('refusal') ?? null,
      ...calls,
    },
    logprobs: null,
    finish_reason: upstream.finish.get(index) ?? 'stop',
  };
}
