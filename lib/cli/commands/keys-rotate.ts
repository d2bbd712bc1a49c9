import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { ulidIds } from '#aws/ulid-ids.ts';
import { formatKey, hashKey, KEY_BYTES, keyPrefix } from '#core/auth/app-key.ts';
import type { AppKey } from '#core/ports.ts';
import { CliError } from '../cli-error.ts';
import { keyAct } from '../key-act.ts';
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
        const key = await workingKey(store, id);
        const act = { type: 'key.expired', route: 'kt keys expire', detail: `at ${at}` } as const;
        await store.admin.expireKey(id, at, await keyAct(store, key, act));
        terminal.out(`${id} works until ${at}.`);
      }),
    );
}

/** The new key has the app, the name and the scopes of the old one, which works until `until` unless it ends before. */
async function rotate(store: KeyStore, id: string, until: string, terminal: Terminal): Promise<void> {
  const old = await workingKey(store, id);
  const key = formatKey(randomBytes(KEY_BYTES));
  const createdAt = new Date(wallClock.now()).toISOString();
  const { expiresAt, firstUsedAt: _first, lastUsedAt: _last, ...same } = old;
  const next: AppKey = { ...same, id: `key_${ulidIds.next()}`, prefix: keyPrefix(key), createdAt };
  const ends = expiresAt && expiresAt < until ? expiresAt : until;
  const act = await keyAct(store, next, {
    type: 'key.rotated',
    route: 'kt keys rotate',
    detail: `replaces ${id}, which works until ${ends}`,
  });
  if (!(await store.admin.rotateKey({ id, until: ends }, hashKey(key), next, act))) throw revoked(old);
  terminal.out(key);
  terminal.err(`${next.id} replaces ${id}, which works until ${ends}. It is not shown again.`);
}

async function workingKey({ admin, place }: KeyStore, id: string): Promise<AppKey> {
  const found = (await admin.listKeys()).find((key) => key.id === id);
  if (!found) throw new CliError(`There is no key ${id} in ${place}. See: kt keys list`);
  if (found.revokedAt) throw revoked(found);
  return found;
}

function revoked({ id, appId }: AppKey): CliError {
  return new CliError(`${id} is revoked. Make a new key with: kt keys create --app ${appId}`);
}
