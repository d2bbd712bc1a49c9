import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { compilePrices } from '#core/cost/compile-prices.ts';
import { type Pack, type Problem, showProblem } from '#core/pack/pack.ts';
import type { Deployment } from '#env/deployment.ts';

/** Compiles the text of a pack; the file's name is only used in problems. */
export type CompilePack = (
  text: string,
  file: string,
) => { readonly pack: Pack } | { readonly problems: readonly Problem[] };

export interface PackReload {
  /** As messages name it: from the project's folder, or absolute. */
  readonly file: string;
  readonly root: string;
  readonly compile: CompilePack;
  /** The deployment the stack was synthesized with. */
  readonly base: Deployment;
  /** Called with each new deployment; functions started from then on must see it. */
  apply(deployment: Deployment): void;
  say(line: string): void;
}

const POLL_MS = 500;

/** Watches a pack and applies each good version of it; a bad one is told and the last good one stays. */
export function watchPack(reload: PackReload): { close(): void } {
  let active = reload.base.pack.hash;
  let seen: string | undefined;
  // Reading sees every way of saving, also the ones that replace the file, and a change made before the watch began.
  const timer = setInterval(() => {
    const text = readPack(reload);
    if (text === seen) return;
    seen = text;
    const next = nextDeployment(reload, text);
    if ('problems' in next) return next.problems.forEach(reload.say);
    if (next.deployment.pack.hash === active) return;
    active = next.deployment.pack.hash;
    reload.apply(next.deployment);
    reload.say(`pack ${next.deployment.pack.name} ${active.slice(0, 12)} is active`);
  }, POLL_MS);
  return { close: () => clearInterval(timer) };
}

/** `undefined` while an editor has taken the file away. */
function readPack({ root, file }: PackReload): string | undefined {
  try {
    return readFileSync(resolve(root, file), 'utf8');
  } catch {
    return undefined;
  }
}

/** The deployment with this text as its pack, or why there is none. */
function nextDeployment(
  { file, compile, base }: Pick<PackReload, 'file' | 'compile' | 'base'>,
  text: string | undefined,
): { deployment: Deployment } | { problems: string[] } {
  if (text === undefined) return { problems: [`${file} cannot be read: the last good pack stays`] };
  const compiled = compile(text, file);
  if ('problems' in compiled)
    return { problems: [...compiled.problems.map(showProblem), 'the last good pack stays'] };
  const { pack } = compiled;
  const obstacle = restartReason(base.pack, pack);
  if (obstacle)
    return { problems: [`${file}: ${obstacle} changed: start again to use it; the last good pack stays`] };
  return { deployment: { ...base, pack, prices: compilePrices(pack.targets, new Date()) } };
}

/** What of a pack is written into templates, and so needs a synthesis. */
function restartReason(before: Pack, after: Pack): string | undefined {
  if (before.audit.mode !== after.audit.mode) return 'audit.mode';
  if (before.auth.provider_key !== after.auth.provider_key) return 'auth.provider_key';
  const known = secretNames(before);
  return secretNames(after).some((name) => !known.includes(name)) ? 'the list of secrets' : undefined;
}

function secretNames({ targets }: Pack): string[] {
  return targets.flatMap(({ secret }) => {
    if (!secret) return [];
    return 'env' in secret ? secret.env : secret.store;
  });
}
