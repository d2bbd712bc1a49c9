import { isObject, type JsonObject } from '#core/json.ts';
import { type AnswerPart, chunkOf, deltaOf } from '../chat/answer.ts';
import { inStream } from '../failure.ts';
import { broken } from '../read-bytes.ts';
import { callPart, finishOf, textPart } from './answer.ts';
import { bedrockUsage } from './usage.ts';

/** The events of ConverseStream as OpenAI's chunks. Throws ProviderFailure when they end before `messageStop`. */
export async function* toChunks(events: AsyncIterable<unknown>, legacy: boolean): AsyncGenerator<JsonObject> {
  const calls = new Map<unknown, { index: number; filled: boolean }>();
  let begun = false;
  let stopped = false;
  for await (const event of events) {
    if (!isObject(event)) continue;
    if (Object.keys(event).some((name) => name.endsWith('Exception'))) throw inStream(!begun);
    const { messageStart, messageStop, metadata } = event;
    if (isObject(messageStart)) yield chunkOf({ role: 'assistant' });
    begun = true;
    for (const part of partsOf(event, calls)) yield chunkOf(deltaOf(part, legacy));
    if (isObject(messageStop)) {
      stopped = true;
      yield chunkOf({}, finishOf(messageStop['stopReason'], legacy));
    }
    const usage = isObject(metadata) ? bedrockUsage(metadata['usage']) : undefined;
    if (usage) yield { choices: [], usage };
  }
  if (!stopped) throw broken('The provider’s stream broke off.');
}

function partsOf(event: JsonObject, calls: Map<unknown, { index: number; filled: boolean }>): AnswerPart[] {
  const { contentBlockStart: start, contentBlockDelta: more, contentBlockStop: stop } = event;
  if (isObject(start) && isObject(start['start']) && isObject(start['start']['toolUse'])) {
    const index = calls.size;
    calls.set(start['contentBlockIndex'], { index, filled: false });
    return [callPart(start['start']['toolUse'], index)];
  }
  if (isObject(more) && isObject(more['delta'])) {
    const call = calls.get(more['contentBlockIndex']);
    const { toolUse } = more['delta'];
    if (!call || !isObject(toolUse)) return textPart(more['delta']);
    const { input } = toolUse;
    if (typeof input !== 'string' || input === '') return [];
    call.filled = true;
    return [{ kind: 'arguments', index: call.index, text: input }];
  }
  const call = isObject(stop) ? calls.get(stop['contentBlockIndex']) : undefined;
  // A call without arguments streams none; OpenAI's says `{}`.
  return call && !call.filled ? [{ kind: 'arguments', index: call.index, text: '{}' }] : [];
}
