import { randomBytes } from 'node:crypto';
import { formatKey, hashKey, KEY_BYTES, keyPrefix, tokenId } from '#core/auth/app-key.ts';
import type { ConsoleToken } from '#core/ports.ts';
import { CliError } from './cli-error.ts';
import { scopeOf, tokenAct } from './key-act.ts';
import type { KeyStore } from './key-store.ts';
import { wallClock } from './source-options.ts';
import type { Terminal } from './terminal.ts';

export interface TokenOptions {
  readonly role?: Exclude<ConsoleToken['role'], 'gateway'>;
  /** The role counts for these apps only. */
  readonly apps?: string[];
  readonly gateway?: string;
  /** Who signs in with a console token. */
  readonly name?: string;
  readonly expires?: string;
}

export const ROLES = ['viewer', 'reviewer', 'admin'] as const;

/** Makes a console token (`role`) or a gateway token (`gateway`) and prints it once. `route` is the command. */
export async function createToken(
  store: KeyStore,
  options: TokenOptions,
  route: string,
  terminal: Terminal,
): Promise<void> {
  const { kind, ...holder } = holderOf(options);
  const token = formatKey(randomBytes(KEY_BYTES), kind);
  const stored: ConsoleToken = {
    ...holder,
    prefix: keyPrefix(token),
    createdAt: new Date(wallClock.now()).toISOString(),
    ...(options.expires ? { expiresAt: options.expires } : {}),
  };
  const hash = hashKey(token);
  const listed = { ...stored, id: tokenId(hash) };
  await store.admin.putToken(hash, stored, await tokenAct(store, listed, { type: 'token.created', route }));
  terminal.out(token);
  const { id, subject } = listed;
  terminal.err(
    `${id}: ${kind} token for ${subject} (${scopeOf(listed)}), in ${store.place}. It is not shown again.`,
  );
}

function holderOf({ role, gateway, name, apps }: TokenOptions) {
  if (apps && !role) throw new CliError('--apps limits what a person sees: it goes with --role.');
  if (gateway) return { kind: 'gateway', role: 'gateway', subject: gateway } as const;
  if (!role) throw new CliError(`Name --role ${ROLES.join('|')} for a person, or --gateway <name>.`);
  if (name) return { kind: 'console', role, subject: name, ...(apps && { apps }) } as const;
  throw new CliError('A console token needs --name: who signs in with it, e.g. ann@example.com.');
}
