import { isObject, type Json } from '#core/json.ts';
import { AwsError } from '../aws-error.ts';
import { checkRule } from './choice-rule.ts';
import { isJsonata, Machine, type State } from './definition.ts';
import { parsePath } from './json-path.ts';
import { checkExpressions } from './jsonata-expression.ts';
import { parseResource } from './resource.ts';

const MAX_BYTES = 1_048_576;
const PATH_ONLY = [
  ...['InputPath', 'OutputPath', 'ResultPath', 'Parameters', 'ResultSelector', 'Result'],
  ...['TimeoutSecondsPath', 'HeartbeatSecondsPath', 'SecondsPath', 'TimestampPath', 'ErrorPath', 'CausePath'],
];
const JSONATA_ONLY = ['Arguments', 'Output'];

/** Reads a definition; throws InvalidDefinition with the state at fault, also for what this interpreter cannot run. */
export function parseMachine(text: string): Machine {
  if (Buffer.byteLength(text) > MAX_BYTES) throw invalidDefinition('a definition ends at 1 MB');
  const parsed = Machine.safeParse(readJson(text));
  if (!parsed.success) {
    throw invalidDefinition(
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    );
  }
  const machine = parsed.data;
  checkTarget(machine, 'StartAt', machine.StartAt);
  for (const [name, state] of Object.entries(machine.States)) {
    try {
      checkState(machine, name, state);
    } catch (error) {
      throw error instanceof AwsError
        ? error
        : invalidDefinition(`States.${name}: ${(error as Error).message}`);
    }
  }
  return machine;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidDefinition('the definition is not JSON');
  }
}

function invalidDefinition(reason: string): AwsError {
  return new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${reason}'`);
}

function checkState(machine: Machine, name: string, state: State): void {
  for (const target of targets(state)) checkTarget(machine, name, target);
  if ('End' in state || 'Next' in state || ['Pass', 'Task', 'Wait'].includes(state.Type))
    checkMove(name, state);
  const jsonata = isJsonata(machine, state);
  checkFields(state, jsonata ? PATH_ONLY : JSONATA_ONLY, jsonata ? 'JSONata' : 'JSONPath');
  if (state.Type === 'Task') parseResource(state.Resource);
  if (jsonata) checkExpressions(state as Json);
  else checkPaths(state as Json);
  if (state.Type === 'Choice') for (const rule of state.Choices) checkRule(rule, jsonata);
}

function targets(state: State): string[] {
  const own = 'Next' in state && state.Next !== undefined ? [state.Next] : [];
  if (state.Type === 'Task') return [...own, ...state.Catch.map((catcher) => catcher.Next)];
  if (state.Type !== 'Choice') return own;
  return [...state.Choices.map((rule) => rule.Next), ...(state.Default === undefined ? [] : [state.Default])];
}

function checkTarget(machine: Machine, from: string, target: string): void {
  if (!Object.hasOwn(machine.States, target))
    throw invalidDefinition(`${from}: there is no state "${target}"`);
}

function checkMove(name: string, state: State): void {
  const { Next, End } = state as { Next?: string; End?: boolean };
  if ((Next === undefined) === (End !== true))
    throw invalidDefinition(`States.${name}: give either Next or End: true`);
}

function checkFields(state: State, forbidden: readonly string[], language: string): void {
  const found = forbidden.find((field) => field in state);
  if (found) throw new Error(`${found} is not a field of ${language} states`);
}

/** Every reference path and every `.$` member must be a path we can follow. */
function checkPaths(value: Json): void {
  if (Array.isArray(value)) value.forEach(checkPaths);
  if (!isObject(value)) return;
  for (const [key, member] of Object.entries(value)) {
    if (typeof member === 'string' && (/Path$/.test(key) || key.endsWith('.$'))) parsePath(member);
    else checkPaths(member);
  }
}
