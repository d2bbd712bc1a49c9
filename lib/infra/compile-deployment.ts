import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { downgradeProblem } from '#core/budget/budget.ts';
import type { PriceTable } from '#core/cost/price.ts';
import { isObject } from '#core/json.ts';
import { profiledTargets } from '#core/pack/inference-profiles.ts';
import { modelNames } from '#core/pack/model-names.ts';
import type { Pack, Problem, Target } from '#core/pack/pack.ts';
import { unmet } from '#core/routing/data-policy.ts';
import type { Deployment } from '#env/deployment.ts';
import { appsOf, type Environment, retentionDays } from '#env/environment.ts';
import type { CheckedEnvironment } from '#env/parse-environment.ts';

/** The two compilers of core, bound to the catalogue and the day. */
export interface Compilers {
  pack(text: string, file: string): { readonly pack: Pack } | { readonly problems: Problem[] };
  prices(targets: readonly Target[]): PriceTable;
}

export interface DeploymentSource {
  readonly name: string;
  readonly checked: CheckedEnvironment;
  /** Folder that the pack's path starts from. */
  readonly root: string;
  /** The product's version. */
  readonly version: string;
  /** Taken instead of the environment's own pack. */
  readonly packFile?: string | undefined;
}

export type CompiledDeployment = { readonly deployment: Deployment } | { readonly problems: Problem[] };

/** Turns an environment and its pack into what every function of it carries, or says every reason why not. */
export function compileDeployment(source: DeploymentSource, compilers: Compilers): CompiledDeployment {
  const { checked, root } = source;
  const file = source.packFile ?? checked.environment.pack;
  const path = resolve(root, file);
  if (!existsSync(path))
    return { problems: [checked.problemAt(['pack'], `there is no file "${file}" in ${root}`)] };

  const compiled = compilers.pack(readFileSync(path, 'utf8'), file);
  if ('problems' in compiled) return compiled;
  const problems = [
    ...conflicts(checked, compiled.pack),
    ...budgetProblems(checked, compiled.pack),
    ...profileProblems(checked, compiled.pack),
    ...waitProblems(checked, compiled.pack),
  ];
  if (problems.length > 0) return { problems };
  return { deployment: assemble(source, compiled.pack, compilers.prices(compiled.pack.targets)) };
}

/** Where an environment and its pack promise different things, neither wins silently. */
function conflicts({ environment, problemAt }: CheckedEnvironment, pack: Pack): Problem[] {
  const problems: Problem[] = [];
  if (environment.audit.mode === 'strict' && pack.audit.mode !== 'strict') {
    const message = `this environment accepts only strict packs, "${pack.name}" says best_effort: change one of them`;
    problems.push(problemAt(['audit'], message));
  }
  const kept = retentionDays(environment);
  const promised = promisedDays(pack);
  if (promised > kept) {
    const message = `keeps records for ${kept} days, "${pack.name}" promises ${promised} (audit-logger.retention_days): change one of them`;
    problems.push(problemAt(['retention'], message));
  }
  const foreign = foreignGuardrails(environment, pack).map((why) => problemAt(['region'], why));
  return [...problems, ...foreign, ...appConflicts({ environment, problemAt }, pack)];
}

/** A guardrail of another region or account could not be asked from here. */
function foreignGuardrails({ region, account }: Environment, { remotes = [] }: Pack): string[] {
  return remotes.flatMap(({ guardrail, policy }) => {
    const [, , , itsRegion, itsAccount] = guardrail?.split(':') ?? [];
    if (itsRegion === undefined) return [];
    if (itsRegion === region && (account === undefined || itsAccount === account)) return [];
    const where = `is ${region}${account === undefined ? '' : ` of account ${account}`}`;
    return [`${where}, but "${policy}" asks ${guardrail}: name a guardrail of this region and account`];
  });
}

/** What an app is promised that the pack cannot give it: a model it does not have, a provider that promises enough. */
function appConflicts(
  { environment, problemAt }: Pick<CheckedEnvironment, 'environment' | 'problemAt'>,
  pack: Pack,
): Problem[] {
  const known = modelNames(pack);
  return environment.apps.flatMap(({ models = [], requires }, index) => {
    const unknown = models.flatMap((model, i) =>
      known.includes(model)
        ? []
        : [
            problemAt(
              ['apps', index, 'models', i],
              `"${pack.name}" has no model "${model}"; it has ${known.join(', ')}`,
            ),
          ],
    );
    if (!requires || pack.targets.some((target) => unmet(target, requires).length === 0)) return unknown;
    const missing = [...new Set(pack.targets.flatMap((target) => unmet(target, requires)))].join(', ');
    const message = `no target of "${pack.name}" promises this (${missing}): declare it in a target's data_policy`;
    return [...unknown, problemAt(['apps', index, 'requires'], message)];
  });
}

/** A budget that falls back to a model falls back to one of the pack's. */
function budgetProblems({ environment, problemAt }: CheckedEnvironment, pack: Pack): Problem[] {
  const models = modelNames(pack);
  return environment.apps.flatMap(({ id, budget }, index) => {
    const problem = budget && downgradeProblem(budget, models);
    return problem ? [problemAt(['apps', index, 'budget', 'on_exceed'], `app "${id}" ${problem}`)] : [];
  });
}

/** A function's variables hold 4 KB in all. */
const MOST_PROFILES = 40;

/** More profiles than a function could be told of. */
function profileProblems({ environment, problemAt }: CheckedEnvironment, { targets }: Pack): Problem[] {
  const { region, bedrock } = environment;
  if (!bedrock.inference_profiles) return [];
  const count = profiledTargets(targets, region).length * appsOf(environment).length;
  if (count <= MOST_PROFILES) return [];
  const message = `${count} apps × Bedrock models need a profile each, ${MOST_PROFILES} are the most: set bedrock.inference_profiles to false, or split the environment`;
  return [problemAt(['apps'], message)];
}

/** What a call takes beside the wait for a person. */
const BESIDE_WAIT_SECONDS = 60;

/** A function that ends before the person may decide keeps nobody waiting. */
function waitProblems({ environment, problemAt }: CheckedEnvironment, { chain }: Pack): Problem[] {
  const settings = chain.find(({ kind }) => kind === 'human-oversight')?.settings;
  const wait = isObject(settings) ? settings['wait_seconds'] : undefined;
  if (typeof wait !== 'number' || wait === 0) return [];
  const { timeout_seconds } = environment.gateway;
  const needed = wait + BESIDE_WAIT_SECONDS;
  if (timeout_seconds >= needed) return [];
  const message = `the pack keeps clients waiting for ${wait} s (human-oversight.wait_seconds), which needs at least ${needed} here, not ${timeout_seconds}`;
  return [problemAt(['gateway', 'timeout_seconds'], message)];
}

/** How long the pack says that records are kept; 0 when it says nothing. */
function promisedDays(pack: Pack): number {
  const settings = pack.chain.find(({ kind }) => kind === 'audit-logger')?.settings;
  const days = isObject(settings) ? settings['retention_days'] : undefined;
  return typeof days === 'number' ? days : 0;
}

function assemble(source: DeploymentSource, pack: Pack, prices: PriceTable): Deployment {
  const { environment } = source.checked;
  return {
    environment: source.name,
    version: source.version,
    pack,
    apps: appsOf(environment),
    retentionDays: retentionDays(environment),
    prices,
    costTags: { env: source.name, ...environment.tags },
  };
}

/** Whether callers may present the provider's own key: the environment decides, else its pack, else no. */
export function acceptsProviderKey(environment: Environment, pack: Pack): boolean {
  return environment.auth.provider_key ?? pack.auth.provider_key ?? false;
}

/** The names of the secrets a pack needs, once each, in its order: of its targets, then of the detectors it asks. */
export function secretNames(pack: Pack): string[] {
  const names = [...pack.targets, ...(pack.remotes ?? [])].flatMap(({ secret }) => {
    if (!secret) return [];
    return 'env' in secret ? secret.env : secret.store;
  });
  return [...new Set(names)];
}
