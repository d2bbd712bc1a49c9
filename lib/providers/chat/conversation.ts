import { isObject, type Json, type JsonObject } from '#core/json.ts';
import type { Block, Conversation, TextBlock, Turn } from './blocks.ts';
import { cannot } from './cannot.ts';
import { readContent, readTexts } from './content.ts';

/** Said where these wires need words of a user and the client gave none. */
const SILENT_USER = '.';

/**
 * OpenAI's messages as turns: instructions (`system`, `developer`) are taken out in their order, tool results belong to the
 * user's side, neighbours of one side become one turn. Reasoning of earlier turns is left out: without the provider's
 * signature, which no OpenAI client carries, it would be refused.
 */
export function readConversation({ messages }: JsonObject): Conversation {
  const system: TextBlock[] = [];
  const turns: Turn[] = [];
  let legacyId = '';
  for (const message of Array.isArray(messages) ? messages : []) {
    if (!isObject(message)) continue;
    const { role, content } = message;
    if (role === 'system' || role === 'developer') system.push(...readTexts(content));
    else if (role === 'assistant') {
      legacyId = `call_${turns.length}`;
      append(turns, 'assistant', [...readContent(content), ...calls(message, legacyId)]);
    } else append(turns, 'user', role === 'user' ? readContent(content) : [result(message, legacyId)]);
  }
  return begunByUser(system, turns);
}

function append(turns: Turn[], role: Turn['role'], blocks: readonly Block[]): void {
  if (blocks.length === 0) return;
  const last = turns.at(-1);
  if (last?.role === role) last.blocks.push(...blocks);
  else turns.push({ role, blocks: [...blocks] });
}

function begunByUser(system: TextBlock[], turns: Turn[]): Conversation {
  if (turns[0]?.role === 'user') return { system, turns };
  const opening: Turn = { role: 'user', blocks: [{ kind: 'text', text: SILENT_USER }] };
  return { system, turns: [opening, ...turns] };
}

function calls(message: JsonObject, legacyId: string): Block[] {
  const { tool_calls, function_call } = message;
  const list = Array.isArray(tool_calls) ? tool_calls.filter(isObject) : [];
  const blocks = list.map((call) => toCall(call['id'], call['function']));
  return isObject(function_call) ? [...blocks, toCall(legacyId, function_call)] : blocks;
}

function toCall(id: Json | undefined, fn: Json | undefined): Block {
  const { name, arguments: text } = isObject(fn) ? fn : {};
  if (typeof name !== 'string')
    throw cannot('A tool call without a function name', 'Send it as it was answered.');
  return { kind: 'call', id: wireId(id), name, input: readArguments(text) };
}

function readArguments(text: Json | undefined): JsonObject {
  if (text === undefined || text === '' || text === null) return {};
  try {
    const value: unknown = JSON.parse(String(text));
    if (isObject(value)) return value;
  } catch {
    // Said below.
  }
  throw cannot(
    'A tool call whose arguments are not a JSON object',
    'Send the arguments as they were answered.',
  );
}

/** `tool`, and `function` of the days before tools, whose call has no id of its own. */
function result(message: JsonObject, legacyId: string): Block {
  const { role, tool_call_id, content } = message;
  const id = role === 'function' ? legacyId : wireId(tool_call_id);
  return { kind: 'result', id, content: readContent(content) };
}

/** Ids of other providers in the letters that these wires accept. */
function wireId(id: Json | undefined): string {
  return (
    String(id ?? '')
      .replace(/[^A-Za-z0-9_-]/g, '_')
      .slice(-64) || 'call'
  );
}
