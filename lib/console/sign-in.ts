import { hashKey, isWellFormed, KEY_HEADS, tokenId } from '#core/auth/app-key.ts';
import { ALL_APPS } from '#core/ledger/plain-facts.ts';
import type { Clock, ConsoleToken, KeyRing } from '#core/ports.ts';
import { ConsoleError } from './console-error.ts';
import type { Identity } from './identity/oidc.ts';
import type { Person } from './person.ts';

/** Three parts: what an issuer signed; tokens of our own have no dot. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

interface SignInPorts {
  readonly identity?: Identity;
  readonly keys: Pick<KeyRing, 'findToken'>;
  readonly clock: Clock;
  /** Hears that a token was used, by its id; never throws. */
  readonly tokenUsed?: (id: string) => Promise<void>;
}

/** Who a bearer token belongs to; throws 401 with what to do. The token itself goes no further than this. */
export async function signIn(authorization: string | null, ports: SignInPorts): Promise<Person> {
  const token = bearerOf(authorization);
  if (ports.identity && JWT.test(token)) return ports.identity.person(token);
  if (token.startsWith(KEY_HEADS.app))
    throw unauthorized('This is an app key: it calls models and cannot read. Use a console token (ktc_…).');
  if (token.startsWith(KEY_HEADS.gateway))
    throw unauthorized(
      'This is a gateway token: it posts events and cannot read. Use a console token (ktc_…).',
    );
  const { role, subject, expiresAt, apps = [ALL_APPS] } = await holderOf(token, 'console', ports);
  if (role === 'gateway') throw unauthorized('This token cannot read. Use a console token (ktc_…).');
  if (!apps.length)
    throw new ConsoleError('forbidden', 'This token counts for no app. Ask an admin for one.');
  const roles = new Map(apps.map((app) => [app, role]));
  return { subject, roles, ...(expiresAt !== undefined && { expiresAt }) };
}

/** The name of the gateway that may post events with this token; throws 401 with what to do. */
export async function signInGateway(authorization: string | null, ports: SignInPorts): Promise<string> {
  const token = bearerOf(authorization);
  if (!token.startsWith(KEY_HEADS.gateway))
    throw unauthorized('Events are posted with a gateway token (ktg_…): kt keys create --gateway <name>.');
  const { role, subject } = await holderOf(token, 'gateway', ports);
  if (role !== 'gateway') throw unauthorized('This token cannot post events.');
  return subject;
}

async function holderOf(
  token: string,
  kind: 'console' | 'gateway',
  { keys, clock, tokenUsed }: SignInPorts,
): Promise<ConsoleToken> {
  const hash = hashKey(token);
  const holder = isWellFormed(token, kind) ? await keys.findToken(hash) : undefined;
  if (!holder) throw unauthorized(`This ${kind} token is not known. Check that it was copied whole.`);
  if (holder.revokedAt !== undefined)
    throw unauthorized(`This ${kind} token was revoked. Ask an admin for a new one.`);
  if (holder.expiresAt !== undefined && !(Date.parse(holder.expiresAt) > clock.now()))
    throw unauthorized(`This ${kind} token has expired. Ask an admin for a new one.`);
  await tokenUsed?.(tokenId(hash));
  return holder;
}

function bearerOf(authorization: string | null): string {
  if (!authorization) throw unauthorized('Send "Authorization: Bearer <console token>".');
  const [, token] = /^Bearer +([\w.-]{1,8192})$/i.exec(authorization) ?? [];
  if (token) return token;
  throw unauthorized('The Authorization header must be exactly one "Bearer <console token>".');
}

function unauthorized(message: string): ConsoleError {
  return new ConsoleError('unauthorized', message);
}
