import { isObject, type Json, type JsonObject } from '#core/json.ts';
import type { Conversation } from './blocks.ts';
import { cannot } from './cannot.ts';

export interface Tool {
  readonly name: string;
  readonly description?: string;
  readonly schema: JsonObject;
  readonly strict: boolean;
}

export interface Tools {
  readonly tools: readonly Tool[];
  readonly choice: 'auto' | 'none' | 'required' | { readonly name: string };
  /** More than one call in one answer. */
  readonly parallel: boolean;
  /** The client speaks `functions` and `function_call`, and is answered so. */
  readonly legacy: boolean;
}

/** The tools a request offers, in either spelling; undefined when it offers none. */
export function readTools(body: JsonObject): Tools | undefined {
  const { tools, functions } = body;
  const legacy = !Array.isArray(tools) && Array.isArray(functions);
  const list = legacy ? (functions as Json[]) : Array.isArray(tools) ? tools.map(functionOf) : [];
  if (list.length === 0) return undefined;
  return {
    tools: list.map(toTool),
    choice: readChoice(legacy ? body['function_call'] : body['tool_choice']),
    parallel: !legacy && body['parallel_tool_calls'] !== false,
    legacy,
  };
}

function functionOf(tool: Json): Json {
  if (isObject(tool) && tool['type'] === 'function') return tool['function'] ?? null;
  throw cannot('A tool that is not a function', 'Offer tools of type "function" only.');
}

function toTool(fn: Json): Tool {
  const { name, description, parameters, strict } = isObject(fn) ? fn : {};
  if (typeof name !== 'string') throw cannot('A tool without a name', 'Name every function.');
  return {
    name,
    ...(typeof description === 'string' && description !== '' ? { description } : {}),
    schema: isObject(parameters) ? { type: 'object', ...parameters } : { type: 'object', properties: {} },
    strict: strict === true,
  };
}

function readChoice(choice: Json | undefined): Tools['choice'] {
  if (choice === undefined || choice === null || choice === 'auto') return 'auto';
  if (choice === 'none' || choice === 'required') return choice;
  const named = isObject(choice) ? (choice['function'] ?? choice) : undefined;
  const name = isObject(named) ? named['name'] : undefined;
  if (typeof name === 'string') return { name };
  throw cannot('This tool_choice', 'Use "auto", "none", "required" or one function.');
}

/** The model must call a tool. */
export function isForced(tools: Tools | undefined): boolean {
  return tools !== undefined && tools.choice !== 'auto' && tools.choice !== 'none';
}

/** The tools that a conversation already called: these wires want them declared, also when none is offered any more. */
export function usedTools({ turns }: Conversation): Tool[] {
  const blocks = turns.flatMap((turn) => turn.blocks);
  const names = blocks.flatMap((block) => (block.kind === 'call' ? block.name : []));
  return [...new Set(names)].map((name) => ({ name, schema: { type: 'object' }, strict: false }));
}
