import type { AppKey } from '#core/ports.ts';

/** Whether a key or token works, for a list. */
export function stateOf({ revokedAt, expiresAt }: Pick<AppKey, 'revokedAt' | 'expiresAt'>): string {
  if (revokedAt) return `revoked ${revokedAt.slice(0, 10)}`;
  if (!expiresAt) return 'active';
  return `${Date.parse(expiresAt) <= Date.now() ? 'expired' : 'active until'} ${expiresAt.slice(0, 10)}`;
}
