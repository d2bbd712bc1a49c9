import { createHash, randomUUID } from 'node:crypto';
import jsonata from 'jsonata';
import { isObject, type Json, type JsonObject } from '#core/json.ts';
import { StateError } from './state-error.ts';

/** What an expression can see. */
export interface Scope {
  readonly input: Json;
  readonly result?: Json | undefined;
  readonly errorOutput?: Json | undefined;
  readonly context: JsonObject;
  readonly variables: JsonObject;
}

const EXPRESSION = /^\{%([\s\S]*)%\}$/;
/** Bounds of one evaluation: milliseconds and depth. */
const LIMITS = { timeout: 5_000, stack: 500 };

/** Replaces every `{% … %}` of a template, at any depth, by its value. */
export async function evaluateTemplate(template: Json, scope: Scope): Promise<Json> {
  if (typeof template === 'string') {
    const text = EXPRESSION.exec(template)?.[1];
    return text === undefined ? template : evaluate(text, scope);
  }
  if (Array.isArray(template)) return Promise.all(template.map((member) => evaluateTemplate(member, scope)));
  if (!isObject(template)) return template;
  const members = Object.entries(template).map(
    async ([key, member]) => [key, await evaluateTemplate(member, scope)] as const,
  );
  return Object.fromEntries(await Promise.all(members));
}

async function evaluate(text: string, scope: Scope): Promise<Json> {
  const { input, result, errorOutput, context, variables } = scope;
  try {
    const expression = compile(text);
    const value: unknown = await expression.evaluate(undefined, {
      ...variables,
      states: { input, result, errorOutput, context },
    });
    const plain = JSON.stringify(value);
    if (plain !== undefined) return JSON.parse(plain) as Json;
  } catch (error) {
    throw failure(text, (error as Error).message);
  }
  throw failure(text, 'the expression returned nothing (undefined)');
}

function failure(text: string, message: string): StateError {
  return new StateError(
    'States.QueryEvaluationError',
    `The JSONata expression '${text.trim()}' failed: ${message}`,
  );
}

function compile(text: string): jsonata.Expression {
  const expression = jsonata(text, LIMITS);
  for (const [name, [run, signature]] of Object.entries(FUNCTIONS)) {
    expression.registerFunction(name, run, signature);
  }
  return expression;
}

type Registered = readonly [run: Parameters<jsonata.Expression['registerFunction']>[1], signature: string];

/** The functions Step Functions adds to JSONata (developer guide, "JSONata functions provided by Step Functions"). */
const FUNCTIONS: Readonly<Record<string, Registered>> = {
  uuid: [() => randomUUID(), '<:s>'],
  random: [() => Math.random(), '<n?:n>'],
  parse: [(text: string) => JSON.parse(text) as unknown, '<s:x>'],
  hash: [(text: string, algorithm: string) => hash(text, algorithm), '<ss:s>'],
  range: [(from: number, to: number, step: number) => range(from, to, step), '<nnn:a>'],
  partition: [(list: unknown[], size: number) => partition(list, size), '<an:a>'],
};

function hash(text: string, algorithm: string): string {
  return createHash(algorithm.replace('-', '').toLowerCase()).update(text).digest('hex');
}

function range(from: number, to: number, step: number): number[] {
  const count = Math.floor((to - from) / step) + 1;
  if (!(count >= 0 && count <= 1000)) throw new Error('$range gives at most 1000 numbers');
  return Array.from({ length: count }, (_, i) => from + i * step);
}

function partition(list: readonly unknown[], size: number): unknown[][] {
  if (!(size >= 1)) throw new Error('$partition needs a size of 1 or more');
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}

/** Throws when an expression anywhere in a state is not JSONata. */
export function checkExpressions(value: Json): void {
  if (typeof value === 'string') {
    const text = EXPRESSION.exec(value)?.[1];
    if (text === undefined) return;
    try {
      jsonata(text);
    } catch (error) {
      throw new Error(`'${text.trim()}' is not JSONata: ${(error as Error).message}`);
    }
  } else if (Array.isArray(value)) value.forEach(checkExpressions);
  else if (isObject(value)) Object.values(value).forEach(checkExpressions);
}
