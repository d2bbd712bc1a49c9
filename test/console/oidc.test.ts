import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { oidcIdentity } from '../../lib/console/identity/oidc.ts';
import { OidcSettings } from '../../lib/console/identity/settings.ts';
import type { OidcConfigView } from '../../lib/console/views.ts';
import {
  beginSignIn,
  finishSignIn,
  isAlive,
  isCallback,
  SignInError,
  signOutUrl,
} from '../../lib/console/web/oidc.ts';
import { type LocalIssuer, openIssuer } from '../../lib/local-cloud/issuer/issuer.ts';
import { consoleBench } from './console-bench.ts';

const HOME = 'http://127.0.0.1:41003/';
let issuer: LocalIssuer;

beforeAll(async () => {
  issuer = await openIssuer();
  issuer.allow(HOME);
});
afterAll(() => issuer.close());

function bench() {
  const settings = OidcSettings.parse({ issuer: issuer.issuer, client_id: issuer.clientId });
  return consoleBench({ identity: oidcIdentity(settings) });
}

async function configOf({ send }: ReturnType<typeof bench>): Promise<OidcConfigView> {
  return (await (await send('/api/config')).json()) as OidcConfigView;
}

/** What the browser does: to the issuer, as this person, and back. */
async function wayBack(config: OidcConfigView, person: string) {
  const { url, pending } = await beginSignIn(config, HOME, '#/events');
  const answer = await fetch(`${url}&person=${person}`, { redirect: 'manual' });
  return { query: new URL(answer.headers.get('location') ?? 'x:').search, pending };
}

async function signedIn(person: string) {
  const console = bench();
  const config = await configOf(console);
  const { query, pending } = await wayBack(config, person);
  const session = await finishSignIn(config, HOME, query, pending);
  return { console, config, session };
}

test.each([
  ['admin@local', 'admin'],
  ['reviewer@local', 'reviewer'],
  ['viewer@local', 'viewer'],
])('%s signs in by code and PKCE and is a %s', async (person, role) => {
  const { console, session } = await signedIn(person);

  const me = await (await console.send('/api/me', { token: session.token })).json();

  expect(me).toMatchObject({ subject: person, role, expires_at: new Date(session.expiresAt).toISOString() });
  expect(isAlive(session, Date.now())).toBe(true);
  expect(isAlive(session, session.expiresAt - 1000)).toBe(false);
});

test('a code is good once, and only with the verifier, the state and the tab it was made for', async () => {
  const config = await configOf(bench());
  const { query, pending } = await wayBack(config, 'admin@local');

  const wrong = { ...pending, verifier: 'x'.repeat(43) };
  await expect(finishSignIn(config, HOME, query, { ...pending, state: 'other' })).rejects.toThrow(
    SignInError,
  );
  await expect(finishSignIn(config, HOME, query, undefined)).rejects.toThrow(SignInError);
  await expect(finishSignIn(config, HOME, query, wrong)).rejects.toThrow(SignInError);
  await expect(finishSignIn(config, HOME, query, pending)).rejects.toThrow(SignInError);
});

test.each([
  ['?code=c&state=s', true],
  ['?error=access_denied&state=s', true],
  ['?code=c', false],
  ['', false],
])('the address "%s" is the way back: %s', (query, back) => {
  expect(isCallback(query)).toBe(back);
});

test('a token with the nonce of another sign-in is not taken', async () => {
  const config = await configOf(bench());
  const { query, pending } = await wayBack(config, 'admin@local');

  await expect(finishSignIn(config, HOME, query, { ...pending, nonce: 'other' })).rejects.toThrow(
    'another sign-in',
  );
});

test.each(['https://evil.example/', 'http://127.0.0.1:1/', ''])(
  'the local issuer sends nobody back to "%s"',
  async (redirect) => {
    const { url } = await beginSignIn(await configOf(bench()), redirect, '');

    expect((await fetch(`${url}&person=admin@local`, { redirect: 'manual' })).status).toBe(400);
  },
);

test('signing out goes by way of the issuer, and comes back', async () => {
  const { config, session } = await signedIn('viewer@local');

  const answer = await fetch(signOutUrl(config, HOME, session.token) ?? '', { redirect: 'manual' });

  expect([answer.status, answer.headers.get('location')]).toEqual([302, HOME]);
});

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const rogue = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** A good token, spoilt: the parts are signed anew with whatever an attacker has. */
async function spoilt(kind: string): Promise<string> {
  const { session } = await signedIn('admin@local');
  const [head = '', body = '', signature = ''] = session.token.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, unknown>;
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
  const resigned = (h: unknown, c: unknown) => {
    const text = `${encode(h)}.${encode(c)}`;
    return `${text}.${sign('sha256', Buffer.from(text), rogue.privateKey).toString('base64url')}`;
  };
  const { keys } = (await (await fetch(`${issuer.issuer}/jwks`)).json()) as { keys: { n: string }[] };
  const hs = `${encode({ ...header, alg: 'HS256' })}.${body}`;
  const made: Record<string, string> = {
    'other claims': `${head}.${encode({ ...claims, email: 'boss@local' })}.${signature}`,
    'another key': resigned(header, claims),
    'a key in its header': resigned({ ...header, jwk: rogue.publicKey.export({ format: 'jwk' }) }, claims),
    'a key address in its header': resigned({ ...header, jku: 'https://evil.example/jwks' }, claims),
    'no algorithm': `${encode({ ...header, alg: 'none' })}.${body}.`,
    'no algorithm and a signature': `${encode({ ...header, alg: 'none' })}.${body}.${signature}`,
    'the public key as secret': `${hs}.${createHmac('sha256', JSON.stringify(keys[0])).update(hs).digest('base64url')}`,
    'an unknown key id': `${encode({ ...header, kid: 'other' })}.${body}.${signature}`,
    'no signature': `${head}.${body}.AA`,
  };
  return made[kind] ?? '';
}

test.each([
  'other claims',
  'another key',
  'a key in its header',
  'a key address in its header',
  'no algorithm',
  'no algorithm and a signature',
  'the public key as secret',
  'an unknown key id',
  'no signature',
])('a token with %s is refused', async (kind) => {
  const response = await bench().send('/api/me', { token: await spoilt(kind) });

  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ error: { code: 'unauthorized' } });
});

test('a token of another issuer, or for another client, is refused', async () => {
  const other = await openIssuer();
  const { session } = await signedIn('admin@local');
  const elsewhere = OidcSettings.parse({ issuer: other.issuer, client_id: issuer.clientId });
  const foreign = OidcSettings.parse({ issuer: issuer.issuer, client_id: 'another-client' });

  const statuses = await Promise.all(
    [elsewhere, foreign].map(async (settings) => {
      const { send } = consoleBench({ identity: oidcIdentity(settings) });
      return (await send('/api/me', { token: session.token })).status;
    }),
  );

  expect(statuses).toEqual([401, 401]);
  await other.close();
});

test('somebody without a role opens nothing', async () => {
  const { session } = await signedIn('viewer@local');
  const roles = { viewer: ['staff'], reviewer: ['reviewers'], admin: ['admins'] };
  const settings = OidcSettings.parse({ issuer: issuer.issuer, client_id: issuer.clientId, roles });
  const { send } = consoleBench({ identity: oidcIdentity(settings) });

  expect((await send('/api/me', { token: session.token })).status).toBe(403);
});

test('an issuer that is away is a 503, and console tokens go on working', async () => {
  const gone = OidcSettings.parse({ issuer: 'http://127.0.0.1:9', client_id: 'c' });
  const { session } = await signedIn('viewer@local');
  const { send } = consoleBench({ identity: oidcIdentity(gone) });

  expect((await send('/api/me', { token: session.token })).status).toBe(503);
  expect((await send('/api/config')).status).toBe(503);
  expect((await send('/api/health')).status).toBe(200);
});

test('an issuer without TLS is not configured, but on this machine', () => {
  expect(OidcSettings.safeParse({ issuer: 'http://idp.example', client_id: 'c' }).success).toBe(false);
  expect(OidcSettings.safeParse({ issuer: 'https://idp.example', client_id: 'c' }).success).toBe(true);
});
