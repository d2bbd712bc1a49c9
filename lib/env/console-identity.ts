import * as z from 'zod';
import { RoleGroups, RolesClaim } from '#core/auth/role-groups.ts';

const address = z.url({ protocol: /^https$/, error: 'is an address that begins with https://' });

/** How people sign in to the console. Console tokens (`kt keys create --role …`) work beside each. */
export const ConsoleIdentity = z.discriminatedUnion('identity', [
  z.strictObject({ identity: z.literal('tokens') }),
  /** Any OpenID provider; the client is public and uses code with PKCE. */
  z.strictObject({
    identity: z.literal('oidc'),
    /** Exactly as it stands in the tokens. */
    issuer: address,
    client_id: z.string().min(1),
    roles_claim: RolesClaim,
    roles: RoleGroups,
  }),
  /** A user pool of our own. */
  z.strictObject({
    identity: z.literal('cognito'),
    /** Where people open the console: the output ConsoleUrl of the first deployment, or your own name for it. */
    url: address,
    /** Begins the address of the sign-in page; unique in the region. */
    domain: z
      .string()
      .regex(
        /^(?!.*(aws|amazon|cognito))[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
        'is small letters, digits and hyphens',
      ),
    mfa: z.enum(['required', 'optional']).default('required'),
  }),
]);
