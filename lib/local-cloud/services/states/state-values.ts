import { secondsOf } from './data-flow.ts';
import type { StateOf } from './definition.ts';
import { lookUp } from './json-path.ts';
import { evaluateTemplate, type Scope } from './jsonata-expression.ts';
import { StateError } from './state-error.ts';

/** When a Wait state ends (epoch milliseconds). */
export async function waitEnd(state: StateOf<'Wait'>, scope: Scope): Promise<number> {
  const seconds = await secondsOf(state.Seconds, state.SecondsPath, scope);
  if (seconds !== undefined) return Date.now() + seconds * 1000;
  const given = state.TimestampPath
    ? lookUp(state.TimestampPath, scope.input, scope)
    : await evaluateTemplate(state.Timestamp ?? null, scope);
  const at = Date.parse(String(given));
  if (Number.isNaN(at)) throw new StateError('States.Runtime', 'Wait needs Seconds or a Timestamp');
  return at;
}

/** The error that a Fail state names. */
export async function chosenFailure(state: StateOf<'Fail'>, scope: Scope): Promise<StateError> {
  const error = await textOf(state.Error, state.ErrorPath, scope);
  return new StateError(error, await textOf(state.Cause, state.CausePath, scope));
}

async function textOf(value: string | undefined, path: string | undefined, scope: Scope): Promise<string> {
  const given =
    path === undefined ? await evaluateTemplate(value ?? '', scope) : lookUp(path, scope.input, scope);
  return typeof given === 'string' ? given : JSON.stringify(given ?? '');
}
