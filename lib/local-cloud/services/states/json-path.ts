import { isObject, type Json, type JsonObject } from '#core/json.ts';
import type { Scope } from './jsonata-expression.ts';
import { StateError } from './state-error.ts';

interface Path {
  /** `$` the input, `$$` the context object, else the name of a variable. */
  readonly root: string;
  readonly steps: readonly (string | number)[];
}

const ROOT = /^(\$\$|\$[A-Za-z_][A-Za-z0-9_]*|\$)/;
const STEP = /^(?:\.([^.[\]*'"()\s]+)|\['([^']+)'\]|\["([^"]+)"\]|\[(\d+)\])/;

/** Reads a reference path; throws for what this interpreter cannot follow (wildcards, filters, intrinsic functions). */
export function parsePath(text: string): Path {
  const root = ROOT.exec(text)?.[1];
  if (root === undefined)
    throw new Error(`"${text}" is no path (intrinsic functions: write the state in JSONata)`);
  const steps: (string | number)[] = [];
  let rest = text.slice(root.length);
  while (rest !== '') {
    const step = STEP.exec(rest);
    if (!step)
      throw new Error(`"${text}" is no reference path (wildcards and filters: write the state in JSONata)`);
    steps.push(step[4] === undefined ? (step[1] ?? step[2] ?? step[3] ?? '') : Number(step[4]));
    rest = rest.slice(step[0].length);
  }
  return { root, steps };
}

/** The value at a path, or undefined when there is none. */
export function lookUp(text: string, input: Json, scope: Scope): Json | undefined {
  const { root, steps } = parsePath(text);
  let value: Json | undefined =
    root === '$' ? input : root === '$$' ? scope.context : scope.variables[root.slice(1)];
  for (const step of steps) value = member(value, step);
  return value;
}

function member(value: Json | undefined, step: string | number): Json | undefined {
  if (Array.isArray(value)) return typeof step === 'number' ? value[step] : undefined;
  return isObject(value) && Object.hasOwn(value, String(step)) ? value[String(step)] : undefined;
}

/** The value at a path; the execution fails when there is none. */
export function follow(text: string, input: Json, scope: Scope): Json {
  const value = lookUp(text, input, scope);
  if (value !== undefined) return value;
  throw new StateError('States.ParameterPathFailure', `The path '${text}' could not be found in the input`);
}

/** Applies InputPath or OutputPath: `null` gives `{}`, undefined everything. */
export function filterBy(path: string | null | undefined, value: Json, scope: Scope): Json {
  if (path === null) return {};
  return path === undefined ? value : follow(path, value, scope);
}

/** Fills a payload template: members named `x.$` are paths, everything else is literal. */
export function fillTemplate(template: Json, input: Json, scope: Scope): Json {
  if (Array.isArray(template)) return template.map((entry) => fillTemplate(entry, input, scope));
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) =>
      key.endsWith('.$') && typeof value === 'string'
        ? [key.slice(0, -2), follow(value, input, scope)]
        : [key, fillTemplate(value, input, scope)],
    ),
  );
}

/** Puts a result into the input at ResultPath: `null` drops the result, undefined replaces the input. */
export function mergeAt(path: string | null | undefined, input: Json, result: Json): Json {
  if (path === null) return input;
  const { root, steps } = parsePath(path ?? '$');
  if (root !== '$')
    throw new StateError('States.ResultPathMatchFailure', `ResultPath ${path} must start at $`);
  return place(input, steps, result, path ?? '$');
}

function place(into: Json, steps: readonly (string | number)[], value: Json, path: string): Json {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  const base: JsonObject = isObject(into) ? into : {};
  if (typeof step === 'number' || (!isObject(into) && into !== null)) {
    throw new StateError('States.ResultPathMatchFailure', `ResultPath ${path} does not fit the input`);
  }
  return { ...base, [step]: place(base[step] ?? {}, rest, value, path) };
}
