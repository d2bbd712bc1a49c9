import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { ulidIds } from '#aws/ulid-ids.ts';
import { formatKey, hashKey, KEY_BYTES, keyPrefix } from '#core/auth/app-key.ts';
import type { AppKey } from '#core/ports.ts';
import { CliError } from '../cli-error.ts';
import { recordKeyAct } from '../key-act.ts';
import { expiry } from '../key-options.ts';
import { addKeyStoreOptions, type KeyStore, type KeyStoreOptions, withKeyStore } from '../key-store.ts';
import { wallClock } from '../source-options.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends KeyStoreOptions {
  readonly overlap: string;
}

export function addKeysRotate(keys: Command, terminal: Terminal): void {
  addKeyStoreOptions(
    keys.command('rotate').description('replace an app key; both work until the overlap ends'),
  )
    .argument('<id>', 'key_… from kt keys list')
    .option(
      '--overlap <time>',
      'how long the old key goes on working: 24h, 7d or ISO time',
      expiry,
      expiry('24h'),
    )
    .action((id: string, options: Options) =>
      withKeyStore(options, terminal, (store) => rotate(store, id, options.overlap, terminal)),
    );
}

export function addKeysExpire(keys: Command, terminal: Terminal): void {
  addKeyStoreOptions(keys.command('expire').description('say when an app key stops working'))
    .argument('<id>', 'key_… from kt keys list')
    .argument('<time>', '12h, 7d or ISO time', expiry)
    .action((id: string, at: string, options: KeyStoreOptions) =>
      withKeyStore(options, terminal, async (store) => {
        await keyOf(store, id);
        await store.admin.expireKey(id, at);
        terminal.out(`${id} works until ${at}.`);
      }),
    );
}

/** The new key has the app, the name and the scopes of the old one, which works until `until` unless it ends before. */
async function rotate(store: KeyStore, id: string, until: string, terminal: Terminal): Promise<void> {
  const old = await keyOf(store, id);
  if (old.revokedAt)
    throw new CliError(`${id} is revoked. Make a new key with: kt keys create --app ${old.appId}`);
  const key = formatKey(randomBytes(KEY_BYTES));
  const at = new Date(wallClock.now()).toISOString();
  const { expiresAt, firstUsedAt: _first, lastUsedAt: _last, ...same } = old;
  const next: AppKey = { ...same, id: `key_${ulidIds.next()}`, prefix: keyPrefix(key), createdAt: at };
  await store.admin.putKey(hashKey(key), next);
  const ends = expiresAt && expiresAt < until ? expiresAt : until;
  await store.admin.expireKey(id, ends);
  await recordKeyAct(store, terminal, next, {
    at,
    type: 'key.rotated',
    route: 'kt keys rotate',
    detail: `replaces ${id}, which works until ${ends}`,
  });
  terminal.out(key);
  terminal.err(`${next.id} replaces ${id}, which works until ${ends}. It is not shown again.`);
}

async function keyOf({ admin, place }: KeyStore, id: string): Promise<AppKey> {
  const found = (await admin.listKeys()).find((key) => key.id === id);
  if (!found) throw new CliError(`There is no key ${id} in ${place}. See: kt keys list`);
  return found;
}
