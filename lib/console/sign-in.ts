import { hashKey, isWellFormed, KEY_HEADS } from '#core/auth/app-key.ts';
import type { Clock, ConsoleToken, KeyRing } from '#core/ports.ts';
import { ConsoleError } from './console-error.ts';

const RANK = { viewer: 0, reviewer: 1, admin: 2 } as const;

/** Who a bearer token belongs to; throws 401 with what to do. The token itself goes no further than this. */
export async function signIn(
  authorization: string | null,
  ports: { readonly keys: Pick<KeyRing, 'findToken'>; readonly clock: Clock },
): Promise<ConsoleToken> {
  const token = bearerOf(authorization);
  if (token.startsWith(KEY_HEADS.app))
    throw unauthorized('This is an app key: it calls models and cannot read. Use a console token (ktc_…).');
  const person = isWellFormed(token, 'console') ? await ports.keys.findToken(hashKey(token)) : undefined;
  if (!person) throw unauthorized('This console token is not known. Check that it was copied whole.');
  if (person.expiresAt !== undefined && !(Date.parse(person.expiresAt) > ports.clock.now()))
    throw unauthorized('This console token has expired. Ask an admin for a new one.');
  return person;
}

/** Throws 403 when the person's role is weaker than the needed one: viewer < reviewer < admin. */
export function requireRole(person: ConsoleToken, role: ConsoleToken['role']): void {
  if (RANK[person.role] >= RANK[role]) return;
  throw new ConsoleError('forbidden', `This needs the role ${role}; you are signed in as ${person.role}.`);
}

function bearerOf(authorization: string | null): string {
  if (!authorization) throw unauthorized('Send "Authorization: Bearer <console token>".');
  const [, token] = /^Bearer +([\w-]{1,256})$/i.exec(authorization) ?? [];
  if (token) return token;
  throw unauthorized('The Authorization header must be exactly one "Bearer <console token>".');
}

function unauthorized(message: string): ConsoleError {
  return new ConsoleError('unauthorized', message);
}
