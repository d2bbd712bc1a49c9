import canonicalize from 'canonicalize';
import { isObject, type JsonObject } from '#core/json.ts';
import type { Catalogue } from '#core/policy/policy.ts';
import { sha256Hex } from '#core/text/hash.ts';
import { checkRouting } from './check-routing.ts';
import { compileChain } from './compile-chain.ts';
import { compileTargets } from './compile-targets.ts';
import { checkPart } from './explain-issue.ts';
import { type CommonSettings, PackFile } from './file-schema.ts';
import { layeredSource } from './layered-source.ts';
import type { Pack, Problem } from './pack.ts';
import { packRemotes } from './pack-remotes.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

export type Compiled = { readonly pack: Pack } | { readonly problems: Problem[] };

/**
 * Compiles the text of a pack file. Either a complete pack, or every problem found, in the order of the file.
 * `file` is only used in messages.
 */
export function compilePack(text: string, file: string, catalogue: Catalogue): Compiled {
  return compileLayers([{ text, file }], catalogue);
}

/** One file of a pack that is made of several. */
export interface PackLayer {
  readonly text: string;
  /** Only used in messages. */
  readonly file: string;
}

export interface PackDefaults {
  /** `on_error` of policies whose block does not say. */
  readonly on_error?: CommonSettings['on_error'];
}

/** Compiles files that override one another, the last one first (see `layeredSource`). Problems come in the order of the files. */
export function compileLayers(
  layers: readonly [PackLayer, ...PackLayer[]],
  catalogue: Catalogue,
  defaults: PackDefaults = {},
): Compiled {
  const read = layers.map(({ text, file }) => readLayer(text, file));
  const unreadable = read.flatMap((layer) => ('problems' in layer ? layer.problems : []));
  const [first, ...rest] = read.flatMap((layer) => ('source' in layer ? [layer.source] : []));
  if (unreadable.length > 0 || !first) return { problems: unreadable };
  const source = rest.length === 0 ? first : layeredSource([first, ...rest]);
  const order = layers.map(({ file }) => file);
  return inOrder(compileData(source.data as JsonObject, source, catalogue, defaults), order);
}

function readLayer(text: string, file: string): ReturnType<typeof readYaml> {
  const read = readYaml(text, file);
  if ('problems' in read || isObject(read.source.data)) return read;
  const message = 'must be a mapping with pack, providers and policies';
  return { problems: [read.source.problem('E005', [], message)] };
}

function inOrder(compiled: Compiled, files: readonly string[]): Compiled {
  if ('pack' in compiled) return compiled;
  const place = ({ file }: Problem) => files.indexOf(file);
  const problems = compiled.problems.sort(
    (a, b) => place(a) - place(b) || a.line - b.line || a.column - b.column,
  );
  return { problems };
}

function compileData(
  data: JsonObject,
  source: YamlSource,
  catalogue: Catalogue,
  defaults: PackDefaults,
): Compiled {
  const top = checkPart(PackFile, data, source);
  const targets = compileTargets(data['providers'], source);
  const kinds = 'value' in top ? top.value.policies.chain : chainOf(data);
  const chain = compileChain(kinds, data['policy'], catalogue, source, defaults);

  const asked = packRemotes(
    chain.chain,
    catalogue,
    targets.targets,
    'value' in top ? top.value.requires : {},
    source,
  );
  const problems = [
    ...('problems' in top ? top.problems : []),
    ...targets.problems,
    ...chain.problems,
    // Against a list of targets that could not be read, every name would be wrong.
    ...(targets.problems.length === 0 ? asked.problems : []),
  ];
  if (problems.length === 0 && 'value' in top) {
    problems.push(...checkRouting(top.value, targets.targets, targets.routing, source));
  }
  if (problems.length > 0 || 'problems' in top) return { problems };
  const { pack, policies: _, policy: __, providers: ___, ...rest } = top.value;
  const { provider_key } = rest.auth;
  const bare: Omit<Pack, 'hash'> = {
    name: pack.name,
    version: pack.version,
    ...(pack.description === undefined ? {} : { description: pack.description }),
    targets: targets.targets,
    routing: targets.routing,
    chain: chain.chain,
    ...(asked.remotes.length > 0 ? { remotes: asked.remotes } : {}),
    ...rest,
    auth: provider_key === undefined ? {} : { provider_key },
  };
  return { pack: { ...bare, hash: sha256Hex(canonicalize(bare) ?? '') } };
}

/** The chain as far as it can be read in a file that has other mistakes: they are all reported at once. */
function chainOf(data: JsonObject): string[] {
  const policies = data['policies'];
  const chain = isObject(policies) ? policies['chain'] : undefined;
  return Array.isArray(chain) ? chain.filter((kind) => typeof kind === 'string') : [];
}
