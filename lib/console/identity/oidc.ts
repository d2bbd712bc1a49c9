import { JwtVerifier } from 'aws-jwt-verify';
import { JwtBaseError, JwtExpiredError, WaitPeriodNotYetEndedJwkError } from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import * as z from 'zod';
import { ConsoleError } from '../console-error.ts';
import type { Person } from '../person.ts';
import type { OidcConfigView } from '../views.ts';
import { type Discovery, discoverer } from './discovery.ts';
import { fetchBytes } from './fetch-json.ts';
import { rolesOf } from './roles-of.ts';
import type { OidcSettings } from './settings.ts';

/** Who signs people in. */
export interface Identity {
  /** Whose token it is; throws 401 for one that is not good, 403 for somebody without a role. */
  person(token: string): Promise<Person>;
  /** What the page needs to send somebody there. */
  config(): Promise<OidcConfigView>;
}

/** Cognito marks its tokens with their use; other issuers leave it out. `azp` names who asked for the token. */
const Claims = z.object({
  sub: z.string().min(1),
  exp: z.number(),
  token_use: z.literal('id').optional(),
  azp: z.string().optional(),
  email: z.string().max(320).optional(),
  email_verified: z.union([z.boolean(), z.stringbool()]).optional(),
});

/**
 * ID tokens of one issuer for one client, which page and API are together. aws-jwt-verify checks signature (asymmetric algorithms
 * only), issuer, audience and times; keys come from the issuer's own document and from nowhere else.
 */
export function oidcIdentity(settings: OidcSettings): Identity {
  const { issuer, client_id } = settings;
  const discovery = discoverer(issuer);
  const jwksCache = new SimpleJwksCache({ fetcher: { fetch: fetchBytes } });
  const verifierOf = ({ jwks_uri }: Discovery) =>
    JwtVerifier.create({ issuer, audience: client_id, jwksUri: jwks_uri }, { jwksCache });
  let verifier: ReturnType<typeof verifierOf> | undefined;

  async function person(token: string): Promise<Person> {
    const document = await reach(discovery);
    verifier ??= verifierOf(document);
    const payload: Record<string, unknown> = await verifier.verify(token).catch(refuse);
    return personOf(payload, settings);
  }

  return { person, config: async () => configOf(await reach(discovery), settings) };
}

/** `alg: none`, HS256 with the public key, another issuer, another audience, an old token: all one answer. */
function refuse(cause: unknown): never {
  if (isAway(cause)) throw away(cause);
  const expired = cause instanceof JwtExpiredError;
  const message = expired
    ? 'You have been signed out: the session has ended.'
    : 'This sign-in is not accepted.';
  throw new ConsoleError('unauthorized', `${message} Sign in again.`, { cause });
}

/** Its keys could not be had: what the verifier itself objects to is the token's fault, the rest is the way to the issuer. */
function isAway(cause: unknown): boolean {
  return !(cause instanceof JwtBaseError) || cause instanceof WaitPeriodNotYetEndedJwkError;
}

function personOf(payload: Record<string, unknown>, settings: OidcSettings): Person {
  const claims = Claims.safeParse(payload).data;
  if (!claims || (claims.azp ?? settings.client_id) !== settings.client_id)
    throw new ConsoleError('unauthorized', 'This is not the ID token of this console. Sign in again.');
  const roles = rolesOf(payload[settings.roles_claim], settings);
  if (!roles.size)
    throw new ConsoleError('forbidden', 'You are signed in but have no role here. Ask an admin for one.');
  const { email, email_verified, sub, exp } = claims;
  const subject = email !== undefined && email_verified === true ? email : sub;
  return { subject, roles, expiresAt: new Date(exp * 1000).toISOString() };
}

async function reach(discovery: () => Promise<Discovery>): Promise<Discovery> {
  return discovery().catch((cause: unknown) => {
    throw away(cause);
  });
}

function away(cause: unknown): ConsoleError {
  const message = 'The sign-in service cannot be reached right now. Try again in a moment.';
  return new ConsoleError('sign_in_unavailable', message, { cause });
}

function configOf(document: Discovery, { issuer, client_id, scopes }: OidcSettings): OidcConfigView {
  const { authorization_endpoint, token_endpoint, end_session_endpoint } = document;
  return {
    identity: 'oidc',
    issuer,
    client_id,
    scopes,
    authorization_endpoint,
    token_endpoint,
    ...(end_session_endpoint !== undefined && { end_session_endpoint }),
  };
}
