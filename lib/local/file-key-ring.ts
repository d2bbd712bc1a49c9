import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GatewayError } from '#core/errors.ts';
import type { KeyAdmin, KeyRing } from '#core/ports.ts';
import { withFileLock } from './file-lock.ts';
import { type KeyFile, readKeyFile, writeKeyFile } from './key-file.ts';

/** Apps, keys and tokens in one JSON file. A change by another process is seen by the next look-up. */
export function fileKeyRing(path: string): KeyRing & KeyAdmin {
  const current = cachedKeyFile(path);

  async function change<T>(edit: (file: KeyFile) => T): Promise<T> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return withFileLock(path, async () => {
      const file = await readKeyFile(path);
      const result = edit(file);
      await writeKeyFile(path, file);
      return result;
    });
  }

  return {
    async findKey(hash) {
      const { keys, apps } = await current().catch(unavailable);
      const key = own(keys, hash);
      const app = key && own(apps, key.appId);
      return key && app ? { key, app } : undefined;
    },
    async findToken(hash) {
      return own((await current().catch(unavailable)).tokens, hash);
    },
    putApp: (app) =>
      change(({ apps }) => {
        apps[app.id] = { ...app };
      }),
    async listApps() {
      return Object.values((await current()).apps);
    },
    putKey: (hash, key) =>
      change(({ keys }) => {
        keys[hash] = { ...key };
      }),
    async listKeys() {
      return Object.values((await current()).keys);
    },
    // The first revocation counts.
    revokeKey: (id, at) =>
      change(({ keys }) => edit(keys, id, (key) => ({ ...key, revokedAt: key.revokedAt ?? at }))),
    expireKey: (id, at) => change(({ keys }) => edit(keys, id, (key) => ({ ...key, expiresAt: at }))),
    putToken: (hash, token) =>
      change(({ tokens }) => {
        tokens[hash] = { ...token };
      }),
  };
}

function unavailable(cause: unknown): never {
  throw new GatewayError('config_unavailable', 'Keys cannot be checked right now. Try again in a moment.', {
    cause,
  });
}

type StoredKey = KeyFile['keys'][string];

/** False when there is no such key. */
function edit(keys: KeyFile['keys'], id: string, to: (key: StoredKey) => StoredKey): boolean {
  const [hash, key] = Object.entries(keys).find(([, candidate]) => candidate.id === id) ?? [];
  if (!hash || !key) return false;
  keys[hash] = to(key);
  return true;
}

/** Reads the file again only when it was replaced since (the inode and time of an atomic rename differ). */
function cachedKeyFile(path: string): () => Promise<KeyFile> {
  let seen: { readonly stamp: string; readonly file: Promise<KeyFile> } | undefined;
  return async () => {
    const stamp = await stampOf(path);
    if (seen?.stamp !== stamp) seen = { stamp, file: readKeyFile(path) };
    return seen.file;
  };
}

async function stampOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found ? `${found.ino}:${found.mtimeNs}:${found.size}` : 'none';
}

function own<T>(record: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
