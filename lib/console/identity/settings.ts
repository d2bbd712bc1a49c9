import * as z from 'zod';

const address = z.url({ protocol: /^https?$/ }).refine(isSafe, 'must be https, or http on this machine');
const groups = z.array(z.string().min(1)).min(1);

/** Who signs people in, as the variable OIDC of the console function says it (JSON). */
export const OidcSettings = z.strictObject({
  /** Exactly as it stands in `iss`. */
  issuer: address,
  client_id: z.string().min(1).max(200),
  scopes: z.array(z.string().min(1)).default(['openid', 'email', 'profile']),
  /** The claim of the ID token that lists groups … */
  roles_claim: z.string().min(1).default('groups'),
  /** … and which of them make somebody what. */
  roles: z
    .strictObject({
      admin: groups.default(['admin']),
      reviewer: groups.default(['reviewer']),
      viewer: groups.default(['viewer']),
    })
    .prefault({}),
});
export type OidcSettings = z.output<typeof OidcSettings>;

/** Addresses of the issuer are asked over TLS; a local stack's issuer is on the same machine. */
export function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}
