import { isObject } from '#core/json.ts';
import { endpointProblem } from '#core/net/endpoint.ts';
import { checkPart, unknownWord } from './explain-issue.ts';
import {
  type ListedProvider,
  ProviderList,
  ProviderSection,
  Routing,
  type TargetEntry,
} from './file-schema.ts';
import type { Problem, ProviderKind, Routing as RoutingOf, Target } from './pack.ts';
import { PROVIDER_PRESETS } from './provider-presets.ts';
import { wireSettings } from './target-settings.ts';
import type { Path, YamlSource } from './yaml-source.ts';

/** Reads `providers` in either spelling. */
export function compileTargets(
  raw: unknown,
  source: YamlSource,
): { targets: Target[]; routing: RoutingOf; problems: Problem[] } {
  const read = isObject(raw) ? readSection(raw, source) : readList(raw, source);
  if ('problems' in read) return { targets: [], routing: DEFAULT_ROUTING, problems: read.problems };

  const problems: Problem[] = [];
  const targets = read.entries.flatMap((entry, i) => {
    const made = toTarget(entry, [...read.path, i], source);
    if ('problem' in made) problems.push(made.problem);
    return 'target' in made ? [made.target] : [];
  });
  problems.push(...duplicates(targets, read.path, source));
  return { targets, routing: read.routing, problems };
}

const DEFAULT_ROUTING: RoutingOf = Routing.parse({});

type Entries = { entries: TargetEntry[]; routing: RoutingOf; path: Path } | { problems: Problem[] };

function readSection(raw: unknown, source: YamlSource): Entries {
  const section = checkPart(ProviderSection, raw, source, ['providers']);
  if ('problems' in section) return section;
  const { targets, routing } = section.value;
  return { entries: targets, routing, path: ['providers', 'targets'] };
}

function readList(raw: unknown, source: YamlSource): Entries {
  const list = checkPart(ProviderList, raw, source, ['providers']);
  if ('problems' in list) return list;
  return { entries: list.value.map(toEntry), routing: DEFAULT_ROUTING, path: ['providers'] };
}

/** The short spelling has no id: provider and model together name the target. */
function toEntry({ name, provider, ...rest }: ListedProvider): TargetEntry {
  const alone = provider === undefined;
  const known = Object.hasOwn(PROVIDER_PRESETS, name);
  const kind = provider ?? (known || rest.base_url === undefined ? name : 'openai-compatible');
  return { ...rest, id: alone ? `${name}/${rest.model}` : name, provider: kind };
}

function toTarget(
  entry: TargetEntry,
  path: Path,
  source: YamlSource,
): { target: Target } | { problem: Problem } {
  const { provider } = entry;
  const preset = Object.hasOwn(PROVIDER_PRESETS, provider) ? PROVIDER_PRESETS[provider] : undefined;
  if (!preset) {
    const word = unknownWord('provider', provider, Object.keys(PROVIDER_PRESETS));
    const help = 'any other endpoint with the OpenAI wire format: provider openai-compatible and a base_url';
    return { problem: source.problem('E003', path, `${word} (${help})`) };
  }
  const wire = wireSettings(entry, preset.kind);
  if ('flaw' in wire) return { problem: source.problem(wire.flaw.code, path, wire.flaw.message) };
  const base = entry.base_url ?? preset.baseUrl ?? wire.baseUrl;
  if (base === undefined) {
    return {
      problem: source.problem('E004', path, `base_url is missing: provider ${provider} has no default`),
    };
  }
  const unsafe = endpointProblem(base, entry.private_network);
  if (unsafe) return { problem: source.problem('E003', [...path, 'base_url'], unsafe) };
  return { target: assemble(entry, preset.kind, { base_url: base.replace(/\/+$/, ''), ...wire.settings }) };
}

function assemble(
  { provider, base_url: _, secret_key_ref: ref, provider_model, ...rest }: TargetEntry,
  kind: ProviderKind,
  settings: { base_url: string; region?: string },
): Target {
  const target = {
    ...rest,
    provider: kind,
    vendor: provider,
    provider_model: provider_model ?? rest.model,
    ...(ref ? { secret: ref.env ? { env: ref.env } : { store: ref.store ?? '' } } : {}),
    ...settings,
  };
  return withoutUndefined(target) as Target;
}

/** What an operator did not write is not there: packs are compared and hashed as JSON. */
function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}

function duplicates(targets: readonly Target[], path: Path, source: YamlSource): Problem[] {
  const seenIds = new Set<string>();
  const seenModels = new Set<string>();
  return targets.flatMap((target, i) => {
    const endpoint = `${target.model} ${target.base_url} ${target.provider_model}`;
    const twice = seenIds.has(target.id) ? `id "${target.id}"` : undefined;
    const same = seenModels.has(endpoint) ? `model "${target.model}" at ${target.base_url}` : undefined;
    seenIds.add(target.id);
    seenModels.add(endpoint);
    const what = twice ?? same;
    return what ? [source.problem('E006', [...path, i], `${what} is listed twice; remove one`)] : [];
  });
}
