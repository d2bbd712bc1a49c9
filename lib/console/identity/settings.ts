import * as z from 'zod';
import { RoleGroups, RolesClaim } from '#core/auth/role-groups.ts';

const address = z.url({ protocol: /^https?$/ }).refine(isSafe, 'must be https, or http on this machine');

/** Who signs people in, as the variable OIDC of the console function says it (JSON). */
export const OidcSettings = z.strictObject({
  /** Exactly as it stands in `iss`. */
  issuer: address,
  client_id: z.string().min(1).max(200),
  scopes: z.array(z.string().min(1)).default(['openid', 'email', 'profile']),
  roles_claim: RolesClaim,
  roles: RoleGroups,
});
export type OidcSettings = z.output<typeof OidcSettings>;

/** Addresses of the issuer are asked over TLS; a local stack's issuer is on the same machine. */
export function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}
