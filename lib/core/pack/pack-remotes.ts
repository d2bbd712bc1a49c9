import type { Catalogue } from '#core/policy/policy.ts';
import type { DetectorName } from '#core/policy/remote.ts';
import { unmet } from '#core/routing/data-policy.ts';
import type { ChainStep, DataRequirements, PackRemote, Problem, Target } from './pack.ts';
import type { YamlSource } from './yaml-source.ts';

/** Whom the policies of a chain ask, and what is wrong with how they name them. */
export function packRemotes(
  chain: readonly ChainStep[],
  catalogue: Catalogue,
  targets: readonly Target[],
  requires: DataRequirements,
  source: YamlSource,
): { remotes: PackRemote[]; problems: Problem[] } {
  const uses = chain.flatMap(({ kind, settings }) =>
    (catalogue.get(kind)?.remote?.uses(settings) ?? []).map((use) => ({ ...use, policy: kind })),
  );
  const problems = uses.flatMap(({ policy, path, detector, target }) => {
    const message = target === undefined ? undefined : targetProblem(target, detector, targets, requires);
    return message === undefined ? [] : [source.problem('E006', ['policy', policy, ...path], message)];
  });
  return { remotes: uses.map(({ path: _, ...use }) => use), problems };
}

function targetProblem(
  name: string,
  detector: DetectorName,
  targets: readonly Target[],
  requires: DataRequirements,
): string | undefined {
  const target = targets.find(({ id }) => id === name);
  if (!target) {
    return `there is no target "${name}" in providers; known: ${targets.map(({ id }) => id).join(', ')}`;
  }
  const missing = unmet(target, requires);
  if (missing.length > 0) {
    return `target "${name}" does not meet requires (${missing.join(', ')}), so no text may be sent to it`;
  }
  if (detector !== 'openai-moderation' || target.provider === 'openai') return undefined;
  return `target "${name}" is of provider ${target.provider}, which has no /moderations; name one that speaks OpenAI's wire format`;
}
