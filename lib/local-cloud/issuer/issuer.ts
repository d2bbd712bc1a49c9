import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { choosePage } from './choose-page.ts';
import { challengeOf, LOCAL_PEOPLE, type LocalPerson, tokenMaker } from './tokens.ts';

/** The one client there is: the console page. */
const CLIENT = 'keeptrusts-console';
const CODE_MS = 60_000;
const MAX_BODY = 16 * 1024;
const MAX_CODES = 1000;

export interface LocalIssuer {
  readonly issuer: string;
  readonly clientId: string;
  /** The only address people are sent back to, under both names of this machine; set when the console has one. */
  allow(consoleUrl: string): void;
  close(): Promise<void>;
}

/** A code on its way: once, within a minute, for the one who began. */
interface Grant {
  readonly person: LocalPerson;
  readonly challenge: string;
  readonly redirect: string;
  readonly nonce: string | undefined;
  readonly until: number;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly html?: string;
  readonly location?: string;
}

/** An OpenID provider for one laptop: code with PKCE for a public client, as Cognito does it. Listens on loopback only. */
export async function openIssuer(port = 0): Promise<LocalIssuer> {
  const server = createServer((request, response) => void handle(request, response));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const maker = tokenMaker(issuer);
  const grants = new Map<string, Grant>();
  let homes: readonly string[] = [];

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer);
    const answer = await route(request, url).catch(() => refusal('the request cannot be read'));
    const { status, body, html, location } = answer;
    const home = homes.find((origin) => origin === request.headers.origin);
    response.writeHead(status, {
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'content-type': html === undefined ? 'application/json' : 'text/html; charset=utf-8',
      ...(location !== undefined && { location }),
      // The page asks for its token from another port of this machine.
      ...(home !== undefined && url.pathname !== '/authorize' && { 'access-control-allow-origin': home }),
      vary: 'origin',
    });
    response.end(html ?? (body === undefined ? '' : JSON.stringify(body)));
  }

  async function route(request: IncomingMessage, url: URL): Promise<Answer> {
    const { pathname, searchParams } = url;
    if (request.method === 'POST' && pathname === '/token')
      return token(new URLSearchParams(await read(request)));
    if (request.method !== 'GET') return { status: 405 };
    if (pathname === '/.well-known/openid-configuration') return { status: 200, body: description(issuer) };
    if (pathname === '/jwks') return { status: 200, body: { keys: maker.keys } };
    if (pathname === '/authorize') return authorize(searchParams);
    if (pathname === '/logout') return goodbye(searchParams);
    return { status: 404 };
  }

  function authorize(query: URLSearchParams): Answer {
    const redirect = query.get('redirect_uri') ?? '';
    if (query.get('client_id') !== CLIENT || !isHome(redirect))
      return refusal('unknown client_id or redirect_uri');
    const challenge = query.get('code_challenge') ?? '';
    if (query.get('response_type') !== 'code' || query.get('code_challenge_method') !== 'S256' || !challenge)
      return refusal('only response_type=code with code_challenge_method=S256');
    const person = query.get('person');
    if (person === null) return { status: 200, html: choosePage(query) };
    if (!isPerson(person)) return refusal('nobody of that name');
    if (grants.size >= MAX_CODES) grants.clear();
    const code = randomBytes(24).toString('base64url');
    const nonce = query.get('nonce') ?? undefined;
    grants.set(code, { person, challenge, redirect, nonce, until: Date.now() + CODE_MS });
    const back = new URL(redirect);
    back.searchParams.set('code', code);
    back.searchParams.set('state', query.get('state') ?? '');
    return { status: 302, location: back.href };
  }

  function token(form: URLSearchParams): Answer {
    const code = form.get('code') ?? '';
    const grant = grants.get(code);
    grants.delete(code);
    const good =
      grant &&
      form.get('grant_type') === 'authorization_code' &&
      form.get('client_id') === CLIENT &&
      form.get('redirect_uri') === grant.redirect &&
      challengeOf(form.get('code_verifier') ?? '') === grant.challenge &&
      grant.until > Date.now();
    if (!good) return { status: 400, body: { error: 'invalid_grant' } };
    const id_token = maker.idToken(grant.person, CLIENT, grant.nonce);
    return { status: 200, body: { id_token, token_type: 'Bearer', expires_in: maker.session } };
  }

  function goodbye(query: URLSearchParams): Answer {
    const to = query.get('post_logout_redirect_uri') ?? '';
    return isHome(to) ? { status: 302, location: to } : refusal('unknown post_logout_redirect_uri');
  }

  function isHome(address: string): boolean {
    return URL.canParse(address) && homes.includes(new URL(address).origin);
  }

  return {
    issuer,
    clientId: CLIENT,
    allow(consoleUrl) {
      const { port } = new URL(consoleUrl);
      homes = ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${port}`);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function description(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    end_session_endpoint: `${issuer}/logout`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none'],
  };
}

function isPerson(name: string): name is LocalPerson {
  return Object.hasOwn(LOCAL_PEOPLE, name);
}

function refusal(why: string): Answer {
  return { status: 400, body: { error: 'invalid_request', error_description: why } };
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MAX_BODY) throw new Error('too large');
  }
  return text;
}
