import { hashKey, isWellFormed } from '#core/auth/app-key.ts';
import { Key } from '#core/auth/key.ts';
import { GatewayError } from '#core/errors.ts';
import type { Pack } from '#core/pack/pack.ts';
import { sha256Hex } from '#core/text/hash.ts';
import type { Caller, GatewayDeployment, GatewayOptions, GatewayPorts } from './ports.ts';
import { secretName } from './secret-name.ts';

/** Longest credential that is looked at. */
const MAX_CREDENTIAL = 512;

/** Says who calls, or throws `invalid_api_key`. A malformed key costs no look-up. */
export async function authenticate(
  request: Request,
  deployment: GatewayDeployment,
  ports: GatewayPorts,
  options: GatewayOptions,
): Promise<Caller> {
  const credential = presented(request);
  if (isWellFormed(credential.reveal()))
    return declared(await appCaller(credential, ports, options), deployment);
  if (options.acceptProviderKey && !credential.reveal().startsWith('kt_')) {
    const caller = await providerKeyCaller(credential, deployment.pack, ports);
    if (caller && (options.dedicatedApp ?? 'default') === 'default') return declared(caller, deployment);
  }
  throw unknownKey();
}

function presented(request: Request): Key {
  const header = request.headers.get('authorization');
  if (header === null || header.trim() === '') {
    throw new GatewayError(
      'invalid_api_key',
      'No API key was sent. Send "Authorization: Bearer <your app key>" (Dify: the field "API Key").',
    );
  }
  // Two Authorization headers arrive joined by a comma; neither a key nor "Bearer" holds one.
  if (header.includes(',')) {
    throw new GatewayError(
      'invalid_api_key',
      'More than one API key was sent. Send exactly one Authorization header.',
    );
  }
  const match = /^Bearer +(\S+)$/i.exec(header.trim());
  const credential = match?.[1];
  if (credential === undefined || credential.length > MAX_CREDENTIAL) throw unknownKey();
  return new Key(credential);
}

async function appCaller(credential: Key, ports: GatewayPorts, options: GatewayOptions): Promise<Caller> {
  const found = await ports.keys.findKey(hashKey(credential.reveal()));
  if (!found) throw unknownKey();
  const { key, app } = found;
  if (key.revokedAt)
    throw new GatewayError('invalid_api_key', 'This API key was revoked. Ask for a new one.');
  if (key.expiresAt && Date.parse(key.expiresAt) <= ports.clock.now()) {
    throw new GatewayError('invalid_api_key', 'This API key has expired. Ask for a new one.');
  }
  if (options.dedicatedApp && app.id !== options.dedicatedApp) {
    throw new GatewayError('invalid_api_key', 'This API key belongs to another app than this URL.');
  }
  return {
    app,
    keyId: key.id,
    auth: 'app_key',
    ...(key.models ? { models: key.models } : {}),
    ...(key.routes ? { routes: key.routes } : {}),
    ...(key.budget ? { budget: key.budget } : {}),
    ...(key.limits ? { limits: key.limits } : {}),
  };
}

/** What the environment says of an app holds unless something else was stored for it later. */
function declared(caller: Caller, { apps }: GatewayDeployment): Caller {
  const found = apps.find(({ id }) => id === caller.app.id);
  const { budget, limits } = found ?? {};
  return { ...caller, app: { ...(budget && { budget }), ...(limits && { limits }), ...caller.app } };
}

/** Seed mode: whoever holds the provider's key may call as app `default`. Every secret is compared, always. */
async function providerKeyCaller(
  credential: Key,
  pack: Pack,
  ports: GatewayPorts,
): Promise<Caller | undefined> {
  const names = [...new Set(pack.targets.map((target) => secretName(target)))];
  const digest = sha256Hex(credential.reveal());
  let equal = false;
  for (const name of names) {
    if (name === undefined) continue;
    const secret = await ports.secrets.get(name).catch(() => undefined);
    if (secret !== undefined) equal = sameDigest(digest, sha256Hex(secret.reveal())) || equal;
  }
  return equal
    ? { app: { id: 'default', name: 'Default app' }, keyId: 'provider-key', auth: 'provider_key' }
    : undefined;
}

/** Compares two digests of equal length in constant time. */
function sameDigest(left: string, right: string): boolean {
  let difference = left.length ^ right.length;
  for (let i = 0; i < left.length; i += 1) difference |= left.charCodeAt(i) ^ right.charCodeAt(i);
  return difference === 0;
}

function unknownKey(): GatewayError {
  return new GatewayError(
    'invalid_api_key',
    'The API key is not known here. Check the key, or create one with "kt keys create".',
  );
}
