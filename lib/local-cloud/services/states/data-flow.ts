import type { Json, JsonObject } from '#core/json.ts';
import type { Catcher, ChoiceRule, State, StateOf } from './definition.ts';
import { fillTemplate, filterBy, follow, mergeAt } from './json-path.ts';
import { evaluateTemplate, type Scope } from './jsonata-expression.ts';
import { StateError } from './state-error.ts';

/** Bytes of data between two states. */
const MAX_BYTES = 262_144;

/** What goes into a task: Arguments (JSONata) or InputPath and Parameters (JSONPath). */
export async function taskInput(state: StateOf<'Task'>, jsonata: boolean, scope: Scope): Promise<Json> {
  if (jsonata) return state.Arguments === undefined ? scope.input : evaluateTemplate(state.Arguments, scope);
  return parametersOf(state, scope);
}

function parametersOf(state: StateOf<'Task' | 'Pass'>, scope: Scope): Json {
  const input = filterBy(state.InputPath, scope.input, scope);
  return state.Parameters === undefined ? input : fillTemplate(state.Parameters, input, scope);
}

/** The output of a state, from `scope.result` where it has one. */
export async function stateOutput(state: State, jsonata: boolean, scope: Scope): Promise<Json> {
  if (state.Type === 'Fail') return scope.input;
  const output = jsonata ? await jsonataOutput(state, scope) : pathOutput(state, scope);
  return limited(output);
}

async function jsonataOutput(state: Exclude<State, StateOf<'Fail'>>, scope: Scope): Promise<Json> {
  if (state.Output !== undefined) return evaluateTemplate(state.Output, scope);
  return scope.result ?? (state.Type === 'Task' ? null : scope.input);
}

function pathOutput(state: Exclude<State, StateOf<'Fail'>>, scope: Scope): Json {
  if (state.Type === 'Task') {
    const raw = scope.result ?? null;
    const result = state.ResultSelector === undefined ? raw : fillTemplate(state.ResultSelector, raw, scope);
    return filterBy(state.OutputPath, mergeAt(state.ResultPath, scope.input, result), scope);
  }
  if (state.Type === 'Pass') {
    const result = state.Result ?? parametersOf(state, scope);
    return filterBy(state.OutputPath, mergeAt(state.ResultPath, scope.input, result), scope);
  }
  return filterBy(state.OutputPath, filterBy(state.InputPath, scope.input, scope), scope);
}

/** The output of a catcher; `scope.errorOutput` is `{ Error, Cause }`. */
export async function caughtOutput(catcher: Catcher, jsonata: boolean, scope: Scope): Promise<Json> {
  const error = scope.errorOutput ?? {};
  if (!jsonata) return limited(mergeAt(catcher.ResultPath, scope.input, error));
  return limited(catcher.Output === undefined ? error : await evaluateTemplate(catcher.Output, scope));
}

/** The output of the Choice rule that applied. */
export async function chosenOutput(
  rule: ChoiceRule | undefined,
  state: StateOf<'Choice'>,
  jsonata: boolean,
  scope: Scope,
): Promise<Json> {
  if (jsonata && rule?.Output !== undefined) return limited(await evaluateTemplate(rule.Output, scope));
  return stateOutput(state, jsonata, scope);
}

/** New variables of a state, catcher or rule, over the ones there were. */
export async function assigned(
  template: Readonly<Record<string, Json>> | undefined,
  jsonata: boolean,
  scope: Scope,
): Promise<JsonObject> {
  if (template === undefined) return scope.variables;
  const values = jsonata
    ? await evaluateTemplate(template, scope)
    : fillTemplate(template, scope.result ?? scope.input, scope);
  return { ...scope.variables, ...(values as JsonObject) };
}

/** A number of seconds given as number, expression or path; undefined when none is given. */
export async function secondsOf(
  given: number | string | undefined,
  path: string | undefined,
  scope: Scope,
): Promise<number | undefined> {
  if (given === undefined && path === undefined) return undefined;
  const value =
    path === undefined ? await evaluateTemplate(given ?? 0, scope) : follow(path, scope.input, scope);
  if (typeof value === 'number' && value >= 0 && value <= 99_999_999) return value;
  throw new StateError('States.Runtime', `${path ?? given} must give a number of seconds`);
}

function limited(value: Json): Json {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes <= MAX_BYTES) return value;
  throw new StateError(
    'States.DataLimitExceeded',
    `A state handed on ${bytes} bytes; the limit is ${MAX_BYTES}.`,
  );
}
