import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { tokenId } from '#core/auth/app-key.ts';
import { GatewayError } from '#core/errors.ts';
import type { KeyAct } from '#core/ledger/plain-facts.ts';
import type { KeyAdmin, KeyRing } from '#core/ports.ts';
import { withFileLock } from './file-lock.ts';
import { type KeyFile, readKeyFile, writeKeyFile } from './key-file.ts';
import { readKeyUses } from './key-uses.ts';

/** Takes an act into the record; throws when it is not durable. */
type Keep = (act: KeyAct) => Promise<unknown>;

const NO_RECORD: Keep = () => Promise.reject(new Error('this key file was opened without a record'));

export interface FileKeyRingOptions {
  readonly keep?: Keep;
  /** The file of their uses, which lists of keys show. */
  readonly uses?: string;
}

/**
 * Apps, keys and tokens in one JSON file. A change by another process is seen by the next look-up. An act is kept before its change:
 * a process that dies between the two leaves an act too many, never a change without one.
 */
export function fileKeyRing(
  path: string,
  { keep = NO_RECORD, uses }: FileKeyRingOptions = {},
): KeyRing & KeyAdmin {
  const current = cachedKeyFile(path);

  /** `edit` says whether it changed anything; then the file is written, once. */
  async function change(edit: (file: KeyFile) => boolean, act: KeyAct | undefined): Promise<boolean> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return withFileLock(path, async () => {
      const file = await readKeyFile(path);
      if (!edit(file)) return false;
      if (act) await keep(act);
      await writeKeyFile(path, file);
      return true;
    });
  }

  const changeKey = (id: string, to: (key: StoredKey) => StoredKey, act: KeyAct | undefined) =>
    change(({ keys }) => editKey(keys, id, to), act);

  async function put(edit: (file: KeyFile) => void, act: KeyAct | undefined): Promise<void> {
    await change((file) => {
      edit(file);
      return true;
    }, act);
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
    async appOfDify(difyAppId) {
      const { apps } = await current().catch(() => ({ apps: {} }));
      return Object.values(apps).find(({ difyAppIds }) => difyAppIds?.includes(difyAppId))?.id;
    },
    putApp: (app, act, over) =>
      change(({ apps }) => {
        if (over !== undefined && !isDeepStrictEqual(own(apps, app.id) ?? null, over)) return false;
        apps[app.id] = { ...app };
        return true;
      }, act),
    async listApps() {
      return Object.values((await current()).apps);
    },
    putKey: (hash, key, act) =>
      put(({ keys }) => {
        keys[hash] = { ...key };
      }, act),
    async listKeys() {
      const used = uses === undefined ? undefined : await readKeyUses(uses);
      return Object.values((await current()).keys).map((key) => ({ ...key, ...used?.get(key.id) }));
    },
    rotateKey: ({ id, until }, hash, next, act) =>
      change(({ keys }) => {
        const ended = editKey(keys, id, (key) => key.revokedAt === undefined && { ...key, expiresAt: until });
        if (ended) keys[hash] = { ...next };
        return ended;
      }, act),
    // The first revocation counts.
    revokeKey: (id, at, act) => changeKey(id, (key) => ({ ...key, revokedAt: key.revokedAt ?? at }), act),
    expireKey: (id, at, act) => changeKey(id, (key) => ({ ...key, expiresAt: at }), act),
    putToken: (hash, token, act) =>
      put(({ tokens }) => {
        tokens[hash] = { ...token };
      }, act),
    async listTokens() {
      const { tokens } = await current();
      return Object.entries(tokens).map(([hash, token]) => ({ ...token, id: tokenId(hash) }));
    },
    revokeToken: (id, at, act) =>
      change(({ tokens }) => {
        const [hash, token] = Object.entries(tokens).find(([found]) => tokenId(found) === id) ?? [];
        if (!hash || !token) return false;
        tokens[hash] = { ...token, revokedAt: token.revokedAt ?? at };
        return true;
      }, act),
  };
}

function unavailable(cause: unknown): never {
  throw new GatewayError('config_unavailable', 'Keys cannot be checked right now. Try again in a moment.', {
    cause,
  });
}

type StoredKey = KeyFile['keys'][string];

/** False when there is no such key, or `to` says that it stays. */
function editKey(keys: KeyFile['keys'], id: string, to: (key: StoredKey) => StoredKey | false): boolean {
  const [hash, key] = Object.entries(keys).find(([, candidate]) => candidate.id === id) ?? [];
  const next = key && to(key);
  if (!hash || !next) return false;
  keys[hash] = next;
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
