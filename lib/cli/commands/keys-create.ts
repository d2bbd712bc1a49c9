import { randomBytes } from 'node:crypto';
import { type Command, Option } from 'commander';
import { ulidIds } from '#aws/ulid-ids.ts';
import { formatKey, hashKey, KEY_BYTES, keyPrefix } from '#core/auth/app-key.ts';
import type { AppKey } from '#core/ports.ts';
import { createToken, ROLES, type TokenOptions } from '../create-token.ts';
import { addPackOption, checkDowngrade, type PackOptions } from '../downgrade-check.ts';
import { appAct, keyAct } from '../key-act.ts';
import { expiry, identifier, label, names, routeNames } from '../key-options.ts';
import { addKeyStoreOptions, type KeyStore, type KeyStoreOptions, withKeyStore } from '../key-store.ts';
import { addMoneyOptions, budgetFrom, limitsFrom, type MoneyOptions } from '../money-options.ts';
import { wallClock } from '../source-options.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends KeyStoreOptions, MoneyOptions, PackOptions, TokenOptions {
  readonly app: string;
  readonly appName?: string;
  readonly costCenter?: string;
  readonly models?: string[];
  readonly routes?: string[];
}

const EXAMPLES = `
Examples:
  kt keys create --app support-bot --name dify-production
  KEY=$(kt keys create --app support-bot --expires 90d)
  kt keys create --role reviewer --name ann@example.com
  kt keys create --role viewer --apps support-bot,sales --name bob@example.com
  kt keys create --gateway office --table <State table>     for KEEPTRUSTS_GATEWAY_TOKEN

The key is printed once, on standard output. Only its SHA-256 is kept.`;

export function addKeysCreate(keys: Command, terminal: Terminal): void {
  const command = keys
    .command('create')
    .description('create an app key, a console token (--role) or a gateway token (--gateway)');
  addPackOption(addMoneyOptions(addKeyStoreOptions(command)))
    .option('--app <id>', 'app that pays', identifier, 'default')
    .option('--app-name <name>', 'name of the app, when it is new', label)
    .option('--cost-center <name>', 'cost center of the app, when it is new', label)
    .option('--name <name>', 'what the key is for; with --role, who signs in', label)
    .option('--expires <time>', 'when it stops working: 90d, 12h or ISO time', expiry)
    .option('--models <names>', 'only these models, separated by commas', names)
    .option('--routes <paths>', 'only these routes, e.g. /v1/chat/completions,/v1/embeddings', routeNames)
    .addOption(new Option('--role <role>', 'make a console token').choices(ROLES))
    .addOption(
      new Option('--gateway <name>', 'make a token with which that gateway posts events, and nothing else')
        .argParser(identifier)
        .conflicts('role'),
    )
    .addHelpText('after', EXAMPLES)
    .action((options: Options) =>
      withKeyStore(options, terminal, (store) => createKind(store, options, terminal)),
    );
}

function createKind(store: KeyStore, options: Options, terminal: Terminal): Promise<void> {
  if (options.role || options.gateway) return createToken(store, options, ROUTE, terminal);
  return createKey(store, options, terminal);
}

async function createKey(store: KeyStore, options: Options, terminal: Terminal): Promise<void> {
  const budget = budgetFrom(options, undefined);
  const limits = limitsFrom(options);
  await checkDowngrade(budget, options, store, terminal);
  await ensureApp(store, options, terminal);
  const key = formatKey(randomBytes(KEY_BYTES));
  const stored: AppKey = {
    id: `key_${ulidIds.next()}`,
    appId: options.app,
    prefix: keyPrefix(key),
    name: options.name ?? options.app,
    createdAt: new Date(wallClock.now()).toISOString(),
    ...(options.expires ? { expiresAt: options.expires } : {}),
    ...(options.models ? { models: options.models } : {}),
    ...(options.routes ? { routes: options.routes } : {}),
    ...(budget ? { budget } : {}),
    ...(limits ? { limits } : {}),
  };
  const act = await keyAct(store, stored, { type: 'key.created', route: ROUTE });
  await store.admin.putKey(hashKey(key), stored, act);
  terminal.out(key);
  const until = stored.expiresAt ? `, until ${stored.expiresAt}` : '';
  terminal.err(`${stored.id} for app ${stored.appId}${until}, in ${store.place}. It is not shown again.`);
}

const ROUTE = 'kt keys create';

/** Nobody pays for an app that is not there. */
async function ensureApp(store: KeyStore, options: Options, terminal: Terminal): Promise<void> {
  const { app: id, appName, costCenter } = options;
  if ((await store.admin.listApps()).some((app) => app.id === id)) return;
  const app = { id, name: appName ?? id, ...(costCenter ? { costCenter } : {}) };
  const act = await appAct(store, app, { type: 'app.created', route: ROUTE });
  if (await store.admin.putApp(app, act, null)) terminal.err(`app ${id} is new: added.`);
}
