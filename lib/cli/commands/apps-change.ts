import { type Command, Option } from 'commander';
import type { App } from '#core/ports.ts';
import { CliError } from '../cli-error.ts';
import { appAct } from '../key-act.ts';
import { identifier, names } from '../key-options.ts';
import { addKeyStoreOptions, type KeyStoreOptions, withKeyStore } from '../key-store.ts';
import { addMoneyOptions, budgetFrom, budgetText, limitsFrom, type MoneyOptions } from '../money-options.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends KeyStoreOptions, MoneyOptions {
  readonly name?: string;
  readonly owner?: string;
  readonly costCenter?: string;
  readonly models?: string[];
  readonly onBlock?: App['onBlock'];
  readonly difyApps?: string[];
}

const EXAMPLES = `
Examples:
  kt apps create support-bot --name "Support chatbot" --cost-center customer-care --budget-monthly 400
  kt apps set support-bot --budget-daily 20 --on-exceed downgrade:gpt-4o-mini

What an app does not name here, its environment file says. A change reaches warm functions within a minute.`;

export function addAppsCreate(apps: Command, terminal: Terminal): void {
  addChange(apps, 'create', 'add an app: who pays', terminal, (id, found) => {
    if (found) throw new CliError(`App ${id} is there already. Change it with: kt apps set ${id}`);
    return { id, name: id };
  });
}

export function addAppsSet(apps: Command, terminal: Terminal): void {
  addChange(apps, 'set', 'change what an app may do and spend', terminal, (id, found) => {
    if (!found) throw new CliError(`There is no app ${id}. Add it with: kt apps create ${id}`);
    return found;
  });
}

function addChange(
  apps: Command,
  verb: string,
  description: string,
  terminal: Terminal,
  begin: (id: string, found: App | undefined) => App,
): void {
  const command = apps.command(verb).description(description).argument('<id>', 'id of the app', identifier);
  addMoneyOptions(addKeyStoreOptions(command))
    .option('--name <name>', 'what people call it')
    .option('--owner <name>', 'who answers for it')
    .option('--cost-center <name>', 'where its cost is booked')
    .option('--models <names>', 'only these models, separated by commas', names)
    .option('--dify-apps <ids>', 'ids of its apps in Dify, separated by commas', names)
    .addOption(new Option('--on-block <form>', 'how a block looks').choices(['refusal', 'error'] as const))
    .addHelpText('after', EXAMPLES)
    .action((id: string, options: Options) =>
      withKeyStore(options, terminal, async (store) => {
        const { admin, place } = store;
        const found = (await admin.listApps()).find((app) => app.id === id);
        const app = changed(begin(id, found), options);
        const type = found ? 'app.changed' : 'app.created';
        await admin.putApp(app, await appAct(store, app, { type, route: `kt apps ${verb}` }));
        terminal.out(`${app.id}: budget ${budgetText(app.budget)}, in ${place}.`);
      }),
    );
}

function changed(app: App, { name, owner, costCenter, models, onBlock, difyApps, ...money }: Options): App {
  const budget = budgetFrom(money, app.budget);
  const limits = limitsFrom(money, app.limits);
  return {
    ...app,
    ...(name === undefined ? {} : { name }),
    ...(owner === undefined ? {} : { owner }),
    ...(costCenter === undefined ? {} : { costCenter }),
    ...(models === undefined ? {} : { models }),
    ...(onBlock === undefined ? {} : { onBlock }),
    ...(difyApps === undefined ? {} : { difyAppIds: difyApps }),
    ...(budget === undefined ? {} : { budget }),
    ...(limits === undefined ? {} : { limits }),
  };
}
