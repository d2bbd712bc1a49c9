import { isObject, type Json, type JsonObject } from '#core/json.ts';
import type { ChoiceRule } from './definition.ts';
import { follow, lookUp } from './json-path.ts';
import { evaluateTemplate, type Scope } from './jsonata-expression.ts';
import { StateError } from './state-error.ts';

type Compare = (left: Json, right: Json) => boolean;
type Order = (left: string | number, right: string | number) => boolean;

const ORDERS: Readonly<Record<string, Order>> = {
  Equals: (a, b) => a === b,
  LessThan: (a, b) => a < b,
  GreaterThan: (a, b) => a > b,
  LessThanEquals: (a, b) => a <= b,
  GreaterThanEquals: (a, b) => a >= b,
};

const READERS: Readonly<Record<string, (value: Json) => string | number | undefined>> = {
  String: (value) => (typeof value === 'string' ? value : undefined),
  Numeric: (value) => (typeof value === 'number' ? value : undefined),
  Timestamp: (value) => {
    const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    return Number.isNaN(time) ? undefined : time;
  },
};

const COMPARISONS: ReadonlyMap<string, Compare> = new Map([
  ['BooleanEquals', (left, right) => typeof left === 'boolean' && left === right],
  ['StringMatches', (left, right) => typeof left === 'string' && wildcard(String(right)).test(left)],
  ...Object.entries(READERS).flatMap(([type, read]) =>
    Object.entries(ORDERS).map(([order, holds]) => [`${type}${order}`, ordered(read, holds)] as const),
  ),
]);

const TESTS: Readonly<Record<string, (value: Json | undefined) => boolean>> = {
  IsPresent: (value) => value !== undefined,
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === 'string',
  IsNumeric: (value) => typeof value === 'number',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => READERS['Timestamp']?.(value ?? null) !== undefined,
};

function ordered(read: (value: Json) => string | number | undefined, holds: Order): Compare {
  return (left, right) => {
    const a = read(left);
    const b = read(right);
    return a !== undefined && b !== undefined && holds(a, b);
  };
}

function wildcard(pattern: string): RegExp {
  const parts = pattern.split(/(?<!\\)\*/).map((part) => literal(part.replaceAll('\\*', '*')));
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`);
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Throws when a rule cannot be evaluated. */
export function checkRule(rule: JsonObject | ChoiceRule, jsonata: boolean): void {
  if (jsonata) {
    if (typeof rule['Condition'] !== 'string') throw new Error('a JSONata choice needs Condition');
    return;
  }
  const { And, Or, Not } = rule as { And?: JsonObject[]; Or?: JsonObject[]; Not?: JsonObject };
  if (And ?? Or) for (const part of [...(And ?? []), ...(Or ?? [])]) checkRule(part, false);
  else if (Not) checkRule(Not, false);
  else if (typeof rule['Variable'] !== 'string' || !comparisonOf(rule)) {
    throw new Error('a JSONPath choice needs Variable and one known comparison');
  }
}

/** Whether a rule of a Choice state applies. */
export async function ruleApplies(rule: ChoiceRule, input: Json, scope: Scope): Promise<boolean> {
  if (rule.Condition === undefined) return holds(rule as JsonObject, input, scope);
  const value = await evaluateTemplate(rule.Condition, scope);
  if (typeof value === 'boolean') return value;
  throw new StateError('States.QueryEvaluationError', `The condition '${rule.Condition}' gave no boolean`);
}

function holds(rule: JsonObject, input: Json, scope: Scope): boolean {
  if (Array.isArray(rule['And']))
    return rule['And'].every((part) => isObject(part) && holds(part, input, scope));
  if (Array.isArray(rule['Or']))
    return rule['Or'].some((part) => isObject(part) && holds(part, input, scope));
  if (isObject(rule['Not'])) return !holds(rule['Not'], input, scope);
  return compare(rule, String(rule['Variable']), input, scope);
}

function compare(rule: JsonObject, variable: string, input: Json, scope: Scope): boolean {
  const name = comparisonOf(rule) ?? '';
  const test = TESTS[name];
  if (test) return test(lookUp(variable, input, scope)) === rule[name];
  const fromPath = name.endsWith('Path');
  const operand = rule[name] ?? null;
  const right = fromPath ? follow(String(operand), input, scope) : operand;
  const by = COMPARISONS.get(fromPath ? name.slice(0, -'Path'.length) : name);
  return by?.(follow(variable, input, scope), right) ?? false;
}

function comparisonOf(rule: JsonObject | ChoiceRule): string | undefined {
  return Object.keys(rule).find((key) => key in TESTS || COMPARISONS.has(key.replace(/Path$/, '')));
}
