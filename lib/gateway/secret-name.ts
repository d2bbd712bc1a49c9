import type { Target } from '#core/pack/pack.ts';

/** The name under which Secrets knows a target's key; undefined where the function's role is the key. */
export function secretName({ secret }: Pick<Target, 'secret'>): string | undefined {
  if (!secret) return undefined;
  return 'env' in secret ? secret.env : secret.store;
}
