import * as z from 'zod';
import { tokenId } from '#core/auth/app-key.ts';
import { Budget, Limits } from '#core/budget/budget.ts';
import type { App, AppKey, ConsoleToken, ListedToken } from '#core/ports.ts';

/** How credentials lie in the State table. Fields a newer version added are ignored. */

const list = z.array(z.string());

const StoredApp = z.object({
  id: z.string(),
  name: z.string(),
  owner: z.string().exactOptional(),
  costCenter: z.string().exactOptional(),
  models: list.exactOptional(),
  onBlock: z.enum(['refusal', 'error']).exactOptional(),
  difyAppIds: list.exactOptional(),
  budget: Budget.exactOptional(),
  limits: Limits.exactOptional(),
});

const StoredKey = z.object({
  id: z.string(),
  appId: z.string(),
  prefix: z.string(),
  name: z.string(),
  createdAt: z.string(),
  expiresAt: z.string().exactOptional(),
  revokedAt: z.string().exactOptional(),
  models: list.exactOptional(),
  routes: list.exactOptional(),
  budget: Budget.exactOptional(),
  limits: Limits.exactOptional(),
});

const StoredToken = z.object({
  subject: z.string(),
  role: z.enum(['viewer', 'reviewer', 'admin', 'gateway']),
  apps: list.exactOptional(),
  expiresAt: z.string().exactOptional(),
  revokedAt: z.string().exactOptional(),
  createdAt: z.string().exactOptional(),
  prefix: z.string().exactOptional(),
});

const StoredUse = z.object({ firstUsedAt: z.string(), lastUsedAt: z.string() });

/** Values of `lookup`, the key of the index `byId`. */
export const LOOKUP = { apps: 'APPS', keys: 'KEYS', tokens: 'TOKENS', uses: 'KEYUSES' } as const;

export const appKeyOf = (id: string) => ({ pk: `APP#${id}`, sk: 'META' });
export const keyKeyOf = (hash: string) => ({ pk: `KEY#${hash}`, sk: 'META' });
/** Says with which app a Dify app was stored last; the app itself says whether that still holds. */
export const difyKeyOf = (id: string) => ({ pk: `DIFY#${id}`, sk: 'META' });
const TOKEN = 'TOKEN#';
export const tokenKeyOf = (hash: string) => ({ pk: `${TOKEN}${hash}`, sk: 'META' });

export function readApp(item: unknown): App {
  return StoredApp.parse(item);
}

export function readKey(item: unknown): AppKey {
  return StoredKey.parse(item);
}

export function readDifyHint(item: unknown): string {
  return z.object({ appId: z.string() }).parse(item).appId;
}

export function readToken(item: unknown): ConsoleToken {
  return StoredToken.parse(item);
}

/** When a key or a token was used. */
export function readUse(item: unknown): { firstUsedAt: string; lastUsedAt: string } {
  return StoredUse.parse(item);
}

/** A token where tokens are listed; its id comes from the hash it lies under. */
export function readListedToken(item: Record<string, unknown>): ListedToken {
  return { ...readToken(item), id: tokenId(String(item['pk']).slice(TOKEN.length)) };
}
