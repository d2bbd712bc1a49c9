import type { Target } from '#core/pack/pack.ts';

/** The name under which Secrets knows a target's key. */
export function secretName(target: Target): string {
  return 'env' in target.secret ? target.secret.env : target.secret.store;
}
