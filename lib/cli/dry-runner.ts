import type { DryRunner } from '#core/pack/dry-run.ts';
import type { Pack } from '#core/pack/pack.ts';
import type { Catalogue } from '#core/policy/policy.ts';
import { catalogue } from '#policies/catalogue.ts';

/** A pack with the policies of this product and the clock of this machine; no provider. */
export function dryRunner(pack: Pack, policies: Catalogue = catalogue): DryRunner {
  return { pack, catalogue: policies, now: () => performance.now() * 1000 };
}

const WARM_UP_US = 100_000;

/** A gateway has run its policies before; without this, times would be those of compiling them. */
export function warmUp({ now }: DryRunner, run: () => void): void {
  const end = now() + WARM_UP_US;
  while (now() < end) run();
}
