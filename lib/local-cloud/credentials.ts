import { randomBytes, randomUUID } from 'node:crypto';
import { formatKey, hashKey, KEY_BYTES, keyPrefix } from '#core/auth/app-key.ts';
import type { KeyAdmin, KeyRing } from '#core/ports.ts';
import type { DeployedApp } from '#env/deployment.ts';
import type { Credentials } from './local-file.ts';

/** Keys and tokens of the running stack, as its functions read them. */
export interface KeyStore {
  readonly admin: Pick<KeyAdmin, 'putApp' | 'listApps' | 'putKey' | 'putToken'>;
  readonly ring: KeyRing;
}

const PEOPLE = {
  adminToken: { subject: 'admin@local', role: 'admin' },
  reviewerToken: { subject: 'reviewer@local', role: 'reviewer' },
  viewerToken: { subject: 'viewer@local', role: 'viewer' },
} as const;

/**
 * Writes the deployment's apps, and makes one app key for `default` and a console token per role; those of the last run are
 * taken again as long as the table knows them.
 */
export async function seedCredentials(
  { admin, ring }: KeyStore,
  apps: readonly DeployedApp[],
  previous: Credentials | undefined,
  now: Date,
): Promise<Credentials> {
  // What was stored for an app later (kt apps set) stays; the rest is what the environment says now.
  const stored = await admin.listApps();
  for (const app of apps) {
    await admin.putApp({ ...stored.find(({ id }) => id === app.id), ...toApp(app) });
  }
  return {
    apiKey: (await stillKey(ring, previous?.apiKey)) ?? (await newKey(admin, now)),
    adminToken: await tokenOf('adminToken'),
    reviewerToken: await tokenOf('reviewerToken'),
    viewerToken: await tokenOf('viewerToken'),
  };

  async function tokenOf(name: keyof typeof PEOPLE): Promise<string> {
    const last = previous?.[name];
    if (last !== undefined && (await stillToken(ring, last))) return last;
    const token = formatKey(randomBytes(KEY_BYTES), 'console');
    const made = { createdAt: now.toISOString(), prefix: keyPrefix(token) };
    await admin.putToken(hashKey(token), { ...PEOPLE[name], ...made });
    return token;
  }
}

async function stillKey(ring: KeyRing, key: string | undefined): Promise<string | undefined> {
  if (key === undefined) return undefined;
  const found = await ring.findKey(hashKey(key));
  return found && found.key.revokedAt === undefined ? key : undefined;
}

async function stillToken(ring: KeyRing, token: string): Promise<boolean> {
  const found = await ring.findToken(hashKey(token));
  return found !== undefined && found.revokedAt === undefined;
}

async function newKey(admin: KeyStore['admin'], now: Date): Promise<string> {
  const key = formatKey(randomBytes(KEY_BYTES));
  await admin.putKey(hashKey(key), {
    id: `key_${randomUUID().replaceAll('-', '')}`,
    appId: 'default',
    prefix: keyPrefix(key),
    name: 'made by npm start',
    createdAt: now.toISOString(),
  });
  return key;
}

function toApp({ id, name, owner, cost_center, models, on_block }: DeployedApp) {
  return {
    id,
    name,
    costCenter: cost_center,
    ...(owner !== undefined && { owner }),
    ...(models !== undefined && { models }),
    ...(on_block !== undefined && { onBlock: on_block }),
  };
}
