import { type Command, Option } from 'commander';
import { createToken, ROLES, type TokenOptions } from '../create-token.ts';
import { expiry, identifier, identifiers, label } from '../key-options.ts';
import { addKeyStoreOptions, type KeyStoreOptions, withKeyStore } from '../key-store.ts';
import type { Terminal } from '../terminal.ts';

const EXAMPLES = `
Examples:
  kt tokens create --role reviewer --name ann@example.com --expires 90d
  kt tokens create --role viewer --apps support-bot,sales --name bob@example.com
  kt tokens create --gateway office --table <State table>     for KEEPTRUSTS_GATEWAY_TOKEN

The token is printed once, on standard output. Only its SHA-256 is kept.`;

export function addTokensCreate(tokens: Command, terminal: Terminal): void {
  addKeyStoreOptions(tokens.command('create').description('create a token of a person or of a gateway'))
    .addOption(new Option('--role <role>', 'what a person may do in the console').choices(ROLES))
    .option('--apps <ids>', 'with --role: it counts for these apps only, separated by commas', identifiers)
    .option('--name <name>', 'with --role: who signs in', label)
    .addOption(
      new Option('--gateway <name>', 'for that gateway: it posts events, and nothing else')
        .argParser(identifier)
        .conflicts('role'),
    )
    .option('--expires <time>', 'when it stops working: 90d, 12h or ISO time', expiry)
    .addHelpText('after', EXAMPLES)
    .action((options: KeyStoreOptions & TokenOptions) =>
      withKeyStore(options, terminal, (store) => createToken(store, options, 'kt tokens create', terminal)),
    );
}
