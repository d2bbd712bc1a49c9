import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** People of a local stack; everyone at this machine may be any of them. */
export const LOCAL_PEOPLE = {
  'admin@local': 'admin',
  'reviewer@local': 'reviewer',
  'viewer@local': 'viewer',
} as const;
export type LocalPerson = keyof typeof LOCAL_PEOPLE;

/** Seconds a sign-in lasts. */
const SESSION = 8 * 60 * 60;

/** Signs ID tokens with a key of this run (RS256): after a restart people sign in again. */
export function tokenMaker(issuer: string, now: () => number = Date.now) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = randomBytes(8).toString('hex');
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }];

  function idToken(person: LocalPerson, client: string, nonce: string | undefined): string {
    const iat = Math.floor(now() / 1000);
    const claims = {
      iss: issuer,
      sub: person,
      aud: client,
      iat,
      exp: iat + SESSION,
      email: person,
      email_verified: true,
      groups: [LOCAL_PEOPLE[person]],
      ...(nonce !== undefined && { nonce }),
    };
    const signed = `${encode({ alg: 'RS256', typ: 'JWT', kid })}.${encode(claims)}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
  }

  return { keys, idToken, session: SESSION };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** PKCE with S256. */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
