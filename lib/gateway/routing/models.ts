import { GatewayError } from '#core/errors.ts';
import type { DataRequirements, Target } from '#core/pack/pack.ts';
import { unmet } from '#core/routing/data-policy.ts';
import type { Caller, GatewayDeployment } from '../ports.ts';

/**
 * The targets that serve a model or alias for this caller, in the order of the pack. Throws `model_not_allowed` naming the allowed
 * models, or `data_policy_unmet` when no provider of the model promises what the pack or the app requires.
 */
export function targetsFor(deployment: GatewayDeployment, caller: Caller, model: string): Target[] {
  const known = modelOf(deployment, model);
  if (known === undefined || !isAllowed(deployment, caller, model))
    throw modelNotAllowed(allowedModels(deployment, caller));
  return compliantTargets(deployment, caller, known);
}

/**
 * The targets of another model than the one asked for (a budget says `downgrade:<model>`). The operator chose it, so the caller's
 * own list of models does not count; what is required of data does. Empty where the pack lacks it or no provider of it complies.
 */
export function downgradeTargets(deployment: GatewayDeployment, caller: Caller, model: string): Target[] {
  const known = modelOf(deployment, model);
  const requires = requirementsOf(deployment, caller);
  return deployment.pack.targets.filter((target) => target.model === known && complies(target, requires));
}

/** What `GET /v1/models` lists: models and aliases that this caller may use and a target may serve. */
export function allowedModels(deployment: GatewayDeployment, caller: Caller): string[] {
  const { pack } = deployment;
  const requires = requirementsOf(deployment, caller);
  const served = new Set(
    pack.targets.filter((target) => complies(target, requires)).map(({ model }) => model),
  );
  const aliases = Object.keys(pack.aliases).filter((alias) => served.has(pack.aliases[alias] ?? ''));
  return [...served, ...aliases].filter((model) => isAllowed(deployment, caller, model));
}

/** The model behind a name; undefined when the pack has neither. */
function modelOf({ pack }: GatewayDeployment, name: string): string | undefined {
  if (Object.hasOwn(pack.aliases, name)) return pack.aliases[name];
  return pack.targets.some(({ model }) => model === name) ? name : undefined;
}

/** Every list there is (app, its environment, key) must hold the name, or the model it stands for. */
function isAllowed(deployment: GatewayDeployment, caller: Caller, name: string): boolean {
  const model = modelOf(deployment, name);
  const lists = [caller.app.models, configOf(deployment, caller)?.models, caller.models];
  return lists.every((list) => !list || list.includes(name) || (model !== undefined && list.includes(model)));
}

function compliantTargets(deployment: GatewayDeployment, caller: Caller, model: string): Target[] {
  const requires = requirementsOf(deployment, caller);
  const serving = deployment.pack.targets.filter((target) => target.model === model);
  const compliant = serving.filter((target) => complies(target, requires));
  if (compliant.length > 0) return compliant;
  const missing = new Set(serving.flatMap((target) => requires.flatMap((each) => unmet(target, each))));
  throw new GatewayError(
    'data_policy_unmet',
    `No provider of this model promises what is required of your data here (${[...missing].join(', ')}). ${listOf(allowedModels(deployment, caller))}`,
    { param: 'model' },
  );
}

/** Those of the pack and those of the app: a target must meet both. */
function requirementsOf(deployment: GatewayDeployment, caller: Caller): DataRequirements[] {
  const own = configOf(deployment, caller)?.requires;
  return own ? [deployment.pack.requires, own] : [deployment.pack.requires];
}

function complies(target: Target, requires: readonly DataRequirements[]): boolean {
  return requires.every((each) => unmet(target, each).length === 0);
}

function configOf(
  { apps }: GatewayDeployment,
  { app }: Caller,
): GatewayDeployment['apps'][number] | undefined {
  return apps.find(({ id }) => id === app.id);
}

export function modelNotAllowed(allowed: readonly string[]): GatewayError {
  const text = `This model is not available here. ${listOf(allowed)} GET /v1/models lists them.`;
  return new GatewayError('model_not_allowed', text, { param: 'model' });
}

function listOf(allowed: readonly string[]): string {
  return allowed.length > 0 ? `Allowed models: ${allowed.join(', ')}.` : 'No model is allowed for this key.';
}
