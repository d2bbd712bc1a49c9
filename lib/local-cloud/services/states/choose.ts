import type { Json, JsonObject } from '#core/json.ts';
import { ruleApplies } from './choice-rule.ts';
import { assigned, chosenOutput } from './data-flow.ts';
import type { ChoiceRule, StateOf } from './definition.ts';
import type { Scope } from './jsonata-expression.ts';
import { StateError } from './state-error.ts';

/** Where a finished state leads; `next` undefined = the end. */
export interface Step {
  readonly output: Json;
  readonly variables: JsonObject;
  readonly next: string | undefined;
}

/** The way out of a Choice state: the first rule that applies, else its default. */
export async function choose(state: StateOf<'Choice'>, jsonata: boolean, scope: Scope): Promise<Step> {
  const rule = await firstRule(state.Choices, scope);
  const next = rule?.Next ?? state.Default;
  if (next === undefined)
    throw new StateError('States.NoChoiceMatched', 'No choice applies, and there is no Default');
  const output = await chosenOutput(rule, state, jsonata, scope);
  return { output, variables: await assigned(rule ? rule.Assign : state.Assign, jsonata, scope), next };
}

async function firstRule(rules: readonly ChoiceRule[], scope: Scope): Promise<ChoiceRule | undefined> {
  for (const rule of rules) if (await ruleApplies(rule, scope.input, scope)) return rule;
  return undefined;
}
