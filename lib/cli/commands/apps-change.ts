import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { App } from '#core/ports.ts';
import { CliError } from '../cli-error.ts';
import { addPackOption, checkDowngrade, type PackOptions } from '../downgrade-check.ts';
import { appAct } from '../key-act.ts';
import { identifier, label, names } from '../key-options.ts';
import { addKeyStoreOptions, type KeyStore, type KeyStoreOptions, withKeyStore } from '../key-store.ts';
import {
  addMoneyOptions,
  afterwards,
  budgetFrom,
  budgetText,
  limitsFrom,
  type MoneyOptions,
} from '../money-options.ts';
import type { Terminal } from '../terminal.ts';

/** `false` takes back what is stored. */
interface Options extends KeyStoreOptions, MoneyOptions, PackOptions {
  readonly name?: string;
  readonly owner?: string | false;
  readonly costCenter?: string | false;
  readonly models?: string[] | false;
  readonly onBlock?: Exclude<App['onBlock'], undefined> | false;
  readonly difyApps?: string[] | false;
}

const EXAMPLES = `
Examples:
  kt apps create support-bot --name "Support chatbot" --cost-center customer-care --budget-monthly 400
  kt apps set support-bot --budget-daily 20 --on-exceed downgrade:gpt-4o-mini
  kt apps set support-bot --no-budget-monthly --no-models

What an app does not name here, its environment file says. A change reaches warm functions within a minute.`;

export function addAppsCreate(apps: Command, terminal: Terminal): void {
  const command = changeCommand(apps, 'create', 'add an app: who pays');
  onChange(command, terminal, (id, found) => {
    if (found) throw new CliError(`App ${id} is there already. Change it with: kt apps set ${id}`);
    return { id, name: id };
  });
}

export function addAppsSet(apps: Command, terminal: Terminal): void {
  const command = changeCommand(apps, 'set', 'change what an app may do and spend');
  for (const [flag, what] of REMOVABLE) command.option(`--no-${flag}`, `take back ${what}`);
  onChange(command, terminal, (id, found) => {
    if (!found) throw new CliError(`There is no app ${id}. Add it with: kt apps create ${id}`);
    return found;
  });
}

const REMOVABLE = [
  ['budget-daily', 'the budget of a day; without any limit there is no budget'],
  ['budget-monthly', 'the budget of a month'],
  ['requests-per-minute', 'the limit of calls in a minute'],
  ['tokens-per-minute', 'the limit of tokens in a minute'],
  ['concurrent', 'the limit of calls at the same time'],
  ['owner', 'who answers for it'],
  ['cost-center', 'where its cost is booked'],
  ['models', 'the list of models'],
  ['dify-apps', 'the ids in Dify'],
  ['on-block', 'how a block looks'],
] as const;

function changeCommand(apps: Command, verb: string, description: string): Command {
  const command = apps.command(verb).description(description).argument('<id>', 'id of the app', identifier);
  return addPackOption(addMoneyOptions(addKeyStoreOptions(command)))
    .option('--name <name>', 'what people call it', label)
    .option('--owner <name>', 'who answers for it', label)
    .option('--cost-center <name>', 'where its cost is booked', label)
    .option('--models <names>', 'only these models, separated by commas', names)
    .option('--dify-apps <ids>', 'ids of its apps in Dify, separated by commas', names)
    .addOption(new Option('--on-block <form>', 'how a block looks').choices(['refusal', 'error'] as const))
    .addHelpText('after', EXAMPLES);
}

function onChange(
  command: Command,
  terminal: Terminal,
  begin: (id: string, found: App | undefined) => App,
): void {
  const route = `kt apps ${command.name()}`;

  /** Undefined when the app was changed between the look and the write. */
  async function change(store: KeyStore, id: string, options: Options): Promise<App | undefined> {
    const found = (await store.admin.listApps()).find((app) => app.id === id);
    const before = begin(id, found);
    refuseEmptyRemovals(before, options);
    const app = changed(before, options);
    if (options.onExceed) await checkDowngrade(app.budget, options, store, terminal);
    const act = await appAct(store, app, { type: found ? 'app.changed' : 'app.created', route });
    return (await store.admin.putApp(app, act, found ?? null)) ? app : undefined;
  }

  command.action((id: string, options: Options) =>
    withKeyStore(options, terminal, async (store) => {
      for (let tried = 0; tried < TRIES; tried += 1) {
        const app = await change(store, id, options);
        if (app) return terminal.out(`${app.id}: budget ${budgetText(app.budget)}, in ${store.place}.`);
        await sleep(AGAIN_MS);
      }
      throw new CliError(`App ${id} is being changed by somebody else. Try again in a moment.`);
    }),
  );
}

/** Somebody else changes the app; or the list of a table, which follows its items within a second, is behind. */
const TRIES = 5;
const AGAIN_MS = 300;

/** Who takes back what is not stored means what the environment file says, which only the file can change. */
function refuseEmptyRemovals({ id, budget, limits, ...app }: App, options: Options): void {
  const stored: Partial<Record<keyof Options, unknown>> = {
    ...app,
    ...limits,
    budgetDaily: budget?.dailyMicros,
    budgetMonthly: budget?.monthlyMicros,
    difyApps: app.difyAppIds,
  };
  for (const [flag] of REMOVABLE) {
    const option = flag.replaceAll(/-./g, (part) => part.slice(1).toUpperCase()) as keyof Options;
    if (options[option] === false && stored[option] === undefined)
      throw new CliError(
        `--no-${flag}: none is stored for ${id}. What its environment file says is changed in that file.`,
      );
  }
}

function changed(app: App, { name, owner, costCenter, models, onBlock, difyApps, ...money }: Options): App {
  return storedApp({
    id: app.id,
    name: name ?? app.name,
    owner: afterwards(owner, app.owner),
    costCenter: afterwards(costCenter, app.costCenter),
    models: afterwards<readonly string[]>(models, app.models),
    onBlock: afterwards(onBlock, app.onBlock),
    difyAppIds: afterwards<readonly string[]>(difyApps, app.difyAppIds),
    budget: budgetFrom(money, app.budget),
    limits: limitsFrom(money, app.limits),
  });
}

/** Without what is not said. */
function storedApp(app: { [Field in keyof App]-?: App[Field] | undefined } & Pick<App, 'id' | 'name'>): App {
  return Object.fromEntries(Object.entries(app).filter(([, value]) => value !== undefined)) as unknown as App;
}
