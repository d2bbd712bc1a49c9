import type { Catalogue } from '#core/policy/policy.ts';
import type { DetectorName } from '#core/policy/remote.ts';
import type { ChainStep, PackRemote, Problem, Target } from './pack.ts';
import type { YamlSource } from './yaml-source.ts';

/** Whom the policies of a chain ask, and what is wrong with how they name them. */
export function packRemotes(
  chain: readonly ChainStep[],
  catalogue: Catalogue,
  targets: readonly Target[],
  source: YamlSource,
): { remotes: PackRemote[]; problems: Problem[] } {
  const uses = chain.flatMap(({ kind, settings }) =>
    (catalogue.get(kind)?.remote?.uses(settings) ?? []).map((use) => ({ ...use, policy: kind })),
  );
  const problems = uses.flatMap(({ policy, path, detector, target }) => {
    const message = target === undefined ? undefined : targetProblem(target, detector, targets);
    return message === undefined ? [] : [source.problem('E006', ['policy', policy, ...path], message)];
  });
  return { remotes: uses.map(({ path: _, ...use }) => use), problems };
}

function targetProblem(name: string, detector: DetectorName, targets: readonly Target[]): string | undefined {
  const target = targets.find(({ id }) => id === name);
  if (!target) {
    return `there is no target "${name}" in providers; known: ${targets.map(({ id }) => id).join(', ')}`;
  }
  if (detector !== 'openai-moderation' || target.provider === 'openai') return undefined;
  return `target "${name}" is of provider ${target.provider}, which has no /moderations; name one that speaks OpenAI's wire format`;
}
