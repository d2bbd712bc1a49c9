import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { discoverer } from '../../lib/console/identity/discovery.ts';
import { oidcIdentity } from '../../lib/console/identity/oidc.ts';
import { OidcSettings } from '../../lib/console/identity/settings.ts';
import { consoleBench } from './console-bench.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

let server: Server;
let issuer: string;
let isAway: boolean;
/** The paths the issuer was asked for. */
let asked: string[];

/** An issuer whose key the test has, so that its tokens are signed well, whatever they say. */
beforeEach(async () => {
  asked = [];
  isAway = false;
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (isAway) return void request.socket.destroy();
    const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' }];
    const description = {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
    };
    response.end(JSON.stringify(request.url === '/jwks' ? { keys } : description));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const bench = () =>
  consoleBench({ identity: oidcIdentity(OidcSettings.parse({ issuer, client_id: 'console' })) });

function token(claims: object = {}, header: object = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const body = {
    iss: issuer,
    sub: 'ann',
    aud: 'console',
    iat: now,
    exp: now + 60,
    groups: ['admin'],
    ...claims,
  };
  const text = `${encode({ alg: 'RS256', kid: 'k1', typ: 'JWT', ...header })}.${encode(body)}`;
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
}

const ago = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;

test.each([
  ['of an ID token', {}, 200],
  ['marked as ID token by Cognito', { token_use: 'id' }, 200],
  ['asked for by this console', { azp: 'console' }, 200],
  ['past their end', { iat: ago(120), exp: ago(60) }, 401],
  ['without an end', { exp: undefined }, 401],
  ['not valid yet', { nbf: ago(-3600) }, 401],
  ['of an access token', { token_use: 'access' }, 401],
  ['asked for by another client', { azp: 'other' }, 401],
  ['for another client', { aud: 'other' }, 401],
  ['without an audience, as access tokens of Cognito are', { aud: undefined, client_id: 'console' }, 401],
  ['of another issuer', { iss: 'https://idp.example' }, 401],
  ['of nobody', { sub: '' }, 401],
])('claims %s, signed well, are answered %#', async (_, claims, status) => {
  expect((await bench().send('/api/me', { token: token(claims) })).status).toBe(status);
});

test('a session that ended says so', async () => {
  const response = await bench().send('/api/me', { token: token({ iat: ago(120), exp: ago(60) }) });

  expect(await response.json()).toMatchObject({
    error: { message: expect.stringContaining('session has ended') },
  });
});

test('a page load or a request asks the issuer for nothing that is known', async () => {
  const { send } = bench();

  for (let n = 0; n < 20; n += 1) {
    expect((await send('/api/me', { token: token() })).status).toBe(200);
    await send('/api/config');
  }

  expect(asked).toEqual(['/.well-known/openid-configuration', '/jwks']);
});

test('tokens with made-up key ids have the keys asked for once, and let nobody in', async () => {
  const { send } = bench();

  for (let n = 0; n < 20; n += 1)
    expect(
      (await send('/api/me', { token: token({}, { kid: `made-up-${n}` }) })).status,
    ).toBeGreaterThanOrEqual(401);

  expect(asked.filter((path) => path === '/jwks').length).toBeLessThanOrEqual(2);
});

test('an issuer that is away is asked once in five seconds, everybody else gets a clear 503 at once', async () => {
  isAway = true;
  const { send } = bench();

  for (let n = 0; n < 20; n += 1) {
    const response = await send('/api/me', { token: token() });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { code: 'sign_in_unavailable' } });
  }

  expect(asked).toHaveLength(1);
});

test('keys that cannot be had are the fault of the issuer, not of who signs in', async () => {
  const { send } = bench();
  await send('/api/config');
  isAway = true;

  expect((await send('/api/me', { token: token() })).status).toBe(503);
  isAway = false;
  expect((await send('/api/me', { token: 'not a token' })).status).toBe(401);
});

test('an issuer that is back is found after the rest', async () => {
  let now = 0;
  const ask = discoverer(issuer, () => now);
  isAway = true;
  await expect(ask()).rejects.toThrow();
  isAway = false;

  now = 4_999;
  await expect(ask()).rejects.toThrow('away a moment ago');
  now = 5_000;
  expect(await ask()).toMatchObject({ issuer });
});
