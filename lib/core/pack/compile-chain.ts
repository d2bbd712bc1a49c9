import * as z from 'zod';
import { isObject } from '#core/json.ts';
import type { Catalogue, Policy } from '#core/policy/policy.ts';
import { checkPart, unknownWord } from './explain-issue.ts';
import { CommonSettings } from './file-schema.ts';
import type { ChainStep, Problem } from './pack.ts';
import type { YamlSource } from './yaml-source.ts';

/** Reads `policies.chain` and the settings under `policy`, with the schemas of the catalogue. */
export function compileChain(
  kinds: readonly string[],
  blocks: unknown,
  catalogue: Catalogue,
  source: YamlSource,
  defaults: Partial<CommonSettings> = {},
): { chain: ChainStep[]; problems: Problem[] } {
  if (blocks !== undefined && blocks !== null && !isObject(blocks)) {
    const problem = source.problem('E003', ['policy'], 'must be a mapping from policy kind to settings');
    return { chain: [], problems: [problem] };
  }
  const settings = blocks ?? {};
  const steps = kinds.map((kind, i) =>
    compileStep(kind, i, kinds, settings[kind], catalogue, source, defaults),
  );
  return {
    chain: steps.flatMap((step) => ('step' in step ? [step.step] : [])),
    problems: [
      ...steps.flatMap((step) => step.problems),
      ...strayBlocks(Object.keys(settings), kinds, catalogue, source),
    ],
  };
}

function compileStep(
  kind: string,
  index: number,
  kinds: readonly string[],
  block: unknown,
  catalogue: Catalogue,
  source: YamlSource,
  defaults: Partial<CommonSettings>,
): { step: ChainStep; problems: Problem[] } | { problems: Problem[] } {
  const place = ['policies', 'chain', index];
  const policy = catalogue.get(kind);
  if (!policy) {
    return { problems: [source.problem('E001', place, unknownWord('policy', kind, [...catalogue.keys()]))] };
  }
  if (kinds.indexOf(kind) !== index) {
    return { problems: [source.problem('E006', place, `"${kind}" stands in the chain twice; remove one`)] };
  }
  const read = readBlock(policy, block, source, defaults);
  if ('problems' in read) return read;
  const missing = (policy.needsEarlier?.(read.own) ?? []).filter(
    (earlier) => !kinds.slice(0, index).includes(earlier),
  );
  const problems = missing.map((earlier) =>
    source.problem('E006', place, `with these settings "${kind}" needs "${earlier}" earlier in the chain`),
  );
  return { step: { kind, settings: read.own, ...withoutUndefined(read.common) }, problems };
}

function readBlock(
  policy: Policy,
  block: unknown,
  source: YamlSource,
  defaults: Partial<CommonSettings>,
): { common: CommonSettings; own: unknown } | { problems: Problem[] } {
  const path = ['policy', policy.kind];
  const whole = block ?? {};
  if (!isObject(whole)) {
    return { problems: [source.problem('E003', path, 'must be a mapping of settings')] };
  }
  const { shared, rest } = split(policy, whole);
  const common = checkPart(CommonSettings, { ...defaults, ...shared }, source, path);
  const own = checkPart(policy.settings, rest, source, path);
  const problems = [
    ...('problems' in common ? common.problems : []),
    ...('problems' in own ? own.problems : []),
  ];
  if ('problems' in common || 'problems' in own) return { problems };
  return { common: common.value, own: own.value };
}

/**
 * Common keys go to the common schema. A policy may have a key of the same name (safety-filter's `mode` in the original):
 * then the value decides whose it is.
 */
function split(policy: Policy, block: Record<string, unknown>) {
  const ownKeys = policy.settings instanceof z.ZodObject ? Object.keys(policy.settings.shape as object) : [];
  const isCommon = ([key, value]: [string, unknown]) => {
    if (!Object.hasOwn(CommonSettings.shape, key)) return false;
    if (!ownKeys.includes(key)) return true;
    return CommonSettings.shape[key as keyof typeof CommonSettings.shape].safeParse(value).success;
  };
  const entries = Object.entries(block);
  return {
    shared: Object.fromEntries(entries.filter(isCommon)),
    rest: Object.fromEntries(entries.filter((entry) => !isCommon(entry))),
  };
}

/** Settings of a policy that would never run mislead the reader of the pack. */
function strayBlocks(
  blocks: readonly string[],
  chain: readonly string[],
  catalogue: Catalogue,
  source: YamlSource,
): Problem[] {
  return blocks
    .filter((kind) => !chain.includes(kind))
    .map((kind) => {
      const path = ['policy', kind];
      if (!catalogue.has(kind)) {
        return source.keyProblem('E001', path, unknownWord('policy', kind, [...catalogue.keys()]));
      }
      const message = `"${kind}" is configured but not in policies.chain, so it would never run; add it or remove this`;
      return source.keyProblem('E006', path, message);
    });
}

function withoutUndefined({ mode, on_error, timeout_ms, apply_to }: CommonSettings) {
  return { mode, on_error, timeout_ms, ...(apply_to ? { apply_to } : {}) };
}
