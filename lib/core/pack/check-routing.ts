import { isObject } from '#core/json.ts';
import { unmet } from '#core/routing/data-policy.ts';
import { didYouMean } from '#core/text/did-you-mean.ts';
import type { PackFile } from './file-schema.ts';
import type { Problem, Routing, Target } from './pack.ts';
import type { Path, YamlSource } from './yaml-source.ts';

/** What the routing settings of a pack say that its targets cannot keep (E006). */
export function checkRouting(
  file: Pick<PackFile, 'aliases' | 'requires' | 'providers'>,
  targets: readonly Target[],
  { strategy }: Routing,
  source: YamlSource,
): Problem[] {
  const models = [...new Set(targets.map(({ model }) => model))];
  const aliases = Object.entries(file.aliases).flatMap(([alias, model]) => {
    const why = aliasProblem(alias, model, models);
    return why ? [source.problem('E006', ['aliases', alias], why)] : [];
  });
  const path: Path = isObject(file.providers) ? ['providers', 'targets'] : ['providers'];
  const weights = targets.flatMap(({ weight }, i) =>
    weight === undefined || strategy === 'weighted'
      ? []
      : [source.problem('E006', [...path, i, 'weight'], 'does nothing unless routing.strategy is weighted')],
  );
  const unserved = models.filter((model) =>
    targets.every((target) => target.model !== model || unmet(target, file.requires).length > 0),
  );
  const refused = unserved.map((model) => {
    const at = targets.findIndex((target) => target.model === model);
    const missing = targets
      .filter((target) => target.model === model)
      .map((t) => unmet(t, file.requires).join(', '));
    const why = `no target of model "${model}" meets requires (${[...new Set(missing)].join('; ')}): declare it in data_policy, or remove the model`;
    return source.problem('E006', [...path, at], why);
  });
  return [...aliases, ...weights, ...refused];
}

function aliasProblem(alias: string, model: string, models: readonly string[]): string | undefined {
  if (models.includes(alias)) return `"${alias}" is a model of this pack already; choose another name`;
  if (models.includes(model)) return undefined;
  const guess = didYouMean(model, models);
  return guess
    ? `unknown model "${model}" — did you mean "${guess}"?`
    : `unknown model "${model}"; known: ${models.join(', ')}`;
}
