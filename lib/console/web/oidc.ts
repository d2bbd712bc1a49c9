import type { OidcConfigView } from '../views.ts';

/** What must survive the way to the issuer and back; lives in sessionStorage. */
export interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Where the person was: `#/events?…`. */
  readonly at: string;
}

/** A sign-in: the ID token is the bearer token of the API. */
export interface OidcSession {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Why nobody is signed in; the message is for the person. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
}

/** Begins a sign-in: keep `pending`, then go to `url`. `redirect` is the page's own address without query and hash. */
export async function beginSignIn(
  config: OidcConfigView,
  redirect: string,
  at: string,
): Promise<{ url: string; pending: Pending }> {
  const pending = { state: random(), nonce: random(), verifier: random(), at };
  const url = new URL(config.authorization_endpoint);
  const query = {
    response_type: 'code',
    client_id: config.client_id,
    redirect_uri: redirect,
    scope: config.scopes.join(' '),
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await challengeOf(pending.verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return { url: url.href, pending };
}

/** Whether this address is the way back from the issuer. */
export function isCallback(query: string): boolean {
  const given = new URLSearchParams(query);
  return given.has('state') && (given.has('code') || given.has('error'));
}

/** Ends a sign-in with the query of the way back. Throws SignInError; the code is good for one try. */
export async function finishSignIn(
  config: OidcConfigView,
  redirect: string,
  query: string,
  pending: Pending | undefined,
): Promise<OidcSession> {
  const given = new URLSearchParams(query);
  if (!pending || given.get('state') !== pending.state)
    throw new SignInError('This sign-in was not begun in this tab. Sign in again.');
  const code = given.get('code');
  if (code === null) throw new SignInError('The sign-in was refused or given up. Sign in again.');
  const token = await exchange(config, redirect, code, pending.verifier);
  const { nonce, exp } = claimsOf(token);
  if (nonce !== pending.nonce) throw new SignInError('The answer belongs to another sign-in. Sign in again.');
  return { token, expiresAt: exp * 1000 };
}

async function exchange(
  config: OidcConfigView,
  redirect: string,
  code: string,
  verifier: string,
): Promise<string> {
  const response = await fetch(config.token_endpoint, {
    method: 'POST',
    redirect: 'error',
    credentials: 'omit',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: config.client_id,
      redirect_uri: redirect,
      code,
      code_verifier: verifier,
    }),
  }).catch(() => undefined);
  const body = (await response?.json().catch(() => undefined)) as { id_token?: unknown } | undefined;
  if (response?.ok && typeof body?.id_token === 'string') return body.id_token;
  throw new SignInError('The sign-in service did not answer as expected. Sign in again.');
}

/** Whether the session still opens the API; a minute early, so that no call meets the end. */
export function isAlive({ expiresAt }: OidcSession, now: number): boolean {
  return expiresAt - 60_000 > now;
}

/** Where to go to end the session of the issuer too; undefined where it has no such place. Cognito has names of its own. */
export function signOutUrl(config: OidcConfigView, redirect: string, token: string): string | undefined {
  if (config.end_session_endpoint === undefined) return undefined;
  const url = new URL(config.end_session_endpoint);
  const cognito = /^https:\/\/cognito-idp\./.test(config.issuer);
  const query: Record<string, string> = cognito
    ? { client_id: config.client_id, logout_uri: redirect }
    : { client_id: config.client_id, post_logout_redirect_uri: redirect, id_token_hint: token };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

/** Read, not trusted: the API checks the signature. */
function claimsOf(token: string): { nonce?: unknown; exp: number } {
  try {
    const part = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const claims = JSON.parse(atob(part)) as { nonce?: unknown; exp?: unknown };
    return { nonce: claims.nonce, exp: typeof claims.exp === 'number' ? claims.exp : 0 };
  } catch {
    return { exp: 0 };
  }
}

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

async function challengeOf(verifier: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
