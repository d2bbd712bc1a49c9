import canonicalize from 'canonicalize';
import { isObject } from '#core/json.ts';
import type { Catalogue } from '#core/policy/policy.ts';
import { sha256Hex } from '#core/text/hash.ts';
import { compileChain } from './compile-chain.ts';
import { compileTargets } from './compile-targets.ts';
import { checkPart } from './explain-issue.ts';
import { PackFile } from './file-schema.ts';
import type { Pack, Problem } from './pack.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

export type Compiled = { readonly pack: Pack } | { readonly problems: Problem[] };

/**
 * Compiles the text of a pack file. Either a complete pack, or every problem found, in the order of the file.
 * `file` is only used in messages.
 */
export function compilePack(text: string, file: string, catalogue: Catalogue): Compiled {
  const read = readYaml(text, file);
  if ('problems' in read) return read;
  const { source } = read;
  if (!isObject(source.data)) {
    return { problems: [source.problem('E005', [], 'must be a mapping with pack, providers and policies')] };
  }
  return compileData(source.data, source, catalogue);
}

function compileData(data: Record<string, unknown>, source: YamlSource, catalogue: Catalogue): Compiled {
  const top = checkPart(PackFile, data, source);
  const targets = compileTargets(data['providers'], source);
  const kinds = 'value' in top ? top.value.policies.chain : chainOf(data);
  const chain = compileChain(kinds, data['policy'], catalogue, source);

  const problems = [...('problems' in top ? top.problems : []), ...targets.problems, ...chain.problems];
  if (problems.length > 0 || 'problems' in top) {
    return { problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) };
  }
  const { pack, policies: _, policy: __, providers: ___, ...rest } = top.value;
  const { provider_key } = rest.auth;
  const bare: Omit<Pack, 'hash'> = {
    name: pack.name,
    version: pack.version,
    ...(pack.description === undefined ? {} : { description: pack.description }),
    targets: targets.targets,
    routing: { strategy: 'ordered' },
    chain: chain.chain,
    ...rest,
    auth: provider_key === undefined ? {} : { provider_key },
  };
  return { pack: { ...bare, hash: sha256Hex(canonicalize(bare) ?? '') } };
}

/** The chain as far as it can be read in a file that has other mistakes: they are all reported at once. */
function chainOf(data: Record<string, unknown>): string[] {
  const policies = data['policies'];
  const chain = isObject(policies) ? policies['chain'] : undefined;
  return Array.isArray(chain) ? chain.filter((kind) => typeof kind === 'string') : [];
}
