import { GatewayError } from '#core/errors.ts';
import { isObject, type Json, type JsonObject } from '#core/json.ts';

const ROLES = ['user', 'assistant', 'system', 'developer'];

/** The `input` of `/responses` as chat messages. Throws `invalid_request` for items that no chat has. */
export function toMessages(input: Json | undefined): JsonObject[] {
  if (typeof input === 'string' && input !== '') return [{ role: 'user', content: input }];
  if (!Array.isArray(input) || input.length === 0) {
    throw invalid('The request needs "input": a text or a list of at least one item.');
  }
  const messages: JsonObject[] = [];
  for (const item of input) addItem(messages, item);
  if (messages.length === 0) throw invalid('"input" holds no message.');
  return messages;
}

function addItem(messages: JsonObject[], item: Json): void {
  if (!isObject(item)) throw invalid('Every item of "input" must be an object.');
  const type = item['type'] ?? 'message';
  if (type === 'message') messages.push(toMessage(item));
  else if (type === 'function_call') addCall(messages, item);
  else if (type === 'function_call_output') messages.push(toResult(item));
  else if (type === 'item_reference') {
    throw invalid('Items that the provider keeps cannot be checked. Send them in "input" as they are.');
  }
  // What the model thought before is of use to the provider that encrypted it only.
  else if (type !== 'reasoning') throw invalid(`Items of the type ${named(type)} are not supported.`);
}

function toMessage({ role = null, content = null }: JsonObject): JsonObject {
  if (typeof role !== 'string' || !ROLES.includes(role)) {
    throw invalid(`The "role" of a message must be one of ${ROLES.join(', ')}.`);
  }
  if (typeof content === 'string') return { role, content };
  if (!Array.isArray(content)) throw invalid('The "content" of a message must be a text or a list of parts.');
  return { role, content: content.map(toPart) };
}

function toPart(part: Json): JsonObject {
  if (!isObject(part)) throw invalid('Every part of a message must be an object.');
  const { type = null, text = '', refusal = '' } = part;
  switch (type) {
    case 'input_text':
    case 'output_text':
      return { type: 'text', text };
    case 'refusal':
      return { type: 'refusal', refusal };
    case 'input_image':
      return toImage(part);
    case 'input_file':
      return toFile(part);
    case 'input_audio':
      return { type: 'input_audio', input_audio: part['input_audio'] ?? null };
    default:
      throw invalid(`Parts of the type ${named(type)} are not supported.`);
  }
}

function toImage({ image_url: url, detail }: JsonObject): JsonObject {
  if (typeof url !== 'string')
    throw invalid('An "input_image" needs "image_url": files that the provider keeps are not supported.');
  return { type: 'image_url', image_url: { url, ...(typeof detail === 'string' ? { detail } : {}) } };
}

function toFile({ file_data: data, filename }: JsonObject): JsonObject {
  if (typeof data !== 'string') {
    throw invalid(
      'An "input_file" needs "file_data": links and files that the provider keeps are not supported.',
    );
  }
  return { type: 'file', file: { file_data: data, ...(typeof filename === 'string' ? { filename } : {}) } };
}

/** Calls that follow one another, or a text of the assistant, are one turn of it. */
function addCall(
  messages: JsonObject[],
  { call_id = null, name = null, arguments: args = null }: JsonObject,
): void {
  if (typeof call_id !== 'string' || typeof name !== 'string' || typeof args !== 'string') {
    throw invalid('A "function_call" needs "call_id", "name" and "arguments".');
  }
  const call = { id: call_id, type: 'function', function: { name, arguments: args } };
  const last = messages.at(-1);
  if (last?.['role'] !== 'assistant') messages.push({ role: 'assistant', content: null, tool_calls: [call] });
  else {
    const calls = last['tool_calls'];
    last['tool_calls'] = [...(Array.isArray(calls) ? calls : []), call];
  }
}

function toResult({ call_id = null, output = null }: JsonObject): JsonObject {
  if (typeof call_id !== 'string') throw invalid('A "function_call_output" needs "call_id".');
  const content = Array.isArray(output) ? output.map(toPart) : output;
  if (content === null || isObject(content)) throw invalid('A "function_call_output" needs "output".');
  return { role: 'tool', tool_call_id: call_id, content };
}

function named(type: Json): string {
  return typeof type === 'string' && /^[a-z_]{1,40}$/.test(type) ? `"${type}"` : 'that was sent';
}

function invalid(message: string): GatewayError {
  return new GatewayError('invalid_request', message, { param: 'input' });
}
