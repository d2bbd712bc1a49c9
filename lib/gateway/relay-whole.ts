import type { JsonObject } from '#core/json.ts';
import { writeUsage } from '#core/openai/usage.ts';
import { ProviderFailure } from '#providers/failure.ts';
import { type Assembled, assemble, callsOnWire, type Part } from './answer-parts.ts';
import { answerOf, refuse, settled } from './answers.ts';
import { closeAnswer, openGuard } from './guard-output.ts';
import { answerHead } from './refusal.ts';
import type { Relay } from './relay.ts';
import { standardHeaders } from './respond.ts';
import { createUpstream, readUpstream, type Upstream } from './upstream.ts';

/** Guards a whole answer and hands it on as one completion. */
export async function relayWhole(relay: Relay): Promise<Response> {
  const { exchange, served, kit } = relay;
  if (served.answer.kind !== 'whole')
    throw new ProviderFailure('provider_error', 'The provider streamed unasked.');
  const upstream = createUpstream();
  const guard = openGuard(relay);
  const parts = readUpstream(exchange, upstream, served.answer.body);
  const pieces: Part[] = [];
  for (const part of parts) pieces.push(...guard.push(part).released);
  const closed = await closeAnswer(relay, guard, upstream);
  if (closed.notice) return refuse(exchange, closed.notice, kit);

  const body = completion(relay, upstream, assemble([...pieces, ...closed.released]));
  const headers = standardHeaders(answerOf(exchange));
  headers.set('content-type', 'application/json');
  const finishReason = upstream.finish.get(0) ?? 'stop';
  const ending = { type: 'request.completed', status: 200, complete: true, finishReason } as const;
  return settled(exchange, 200, headers, JSON.stringify(body), ending, kit);
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
