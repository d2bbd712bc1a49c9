import { type AwsClients, awsVariables, type Place } from './aws-clients.ts';
import type { Cloud, CloudOptions } from './cloud-types.ts';
import type { Services } from './contract.ts';
import { createInvoker } from './lambda/invoker.ts';
import { createProcessRunner } from './lambda/process-runner.ts';
import { exited, type Runner } from './lambda/runner.ts';
import { BUS_TYPES, nameBuses } from './resources/buses.ts';
import { type ServedUrl, serveUrls, URL_TYPES } from './resources/function-urls.ts';
import {
  type DeclaredFunction,
  FUNCTION_TYPES,
  type FunctionOutline,
  nameFunctions,
  readFunctions,
} from './resources/functions.ts';
import { createMachines, MACHINE_TYPES } from './resources/machines.ts';
import { createQueues, QUEUE_TYPES } from './resources/queues.ts';
import { createSecrets, SECRET_TYPES } from './resources/secrets.ts';
import { createTables, TABLE_TYPES } from './resources/tables.ts';
import { openTriggers, TRIGGER_TYPES } from './resources/triggers.ts';
import { skippedTypes } from './template/declared.ts';
import type { Registry } from './template/names.ts';

const SERVED = [
  ...TABLE_TYPES,
  ...QUEUE_TYPES,
  ...SECRET_TYPES,
  ...BUS_TYPES,
  ...MACHINE_TYPES,
  ...FUNCTION_TYPES,
  ...URL_TYPES,
  ...TRIGGER_TYPES,
];

const DRAIN_MS = 3000;

/** Whatever is running so far. */
export interface Shell {
  readonly options: CloudOptions;
  readonly place: Place;
  readonly clients: AwsClients;
  readonly services: Services;
  /** What must be closed, in the order of opening. */
  readonly opened: Closable[];
}

interface Closable {
  close(): Promise<void>;
}

/** Creates what templates declare, in the order in which things refer to each other. */
export async function furnish(registry: Registry, shell: Shell): Promise<Cloud> {
  const { options, place, clients, services, opened } = shell;
  const outlines = nameFunctions(registry, place);
  const counts = {
    table: await createTables(registry, clients.dynamo, place),
    queue: await createQueues(registry, clients.sqs, place),
    secret: await createSecrets(registry, clients.secrets),
    'event bus': nameBuses(registry, place),
    'state machine': await createMachines(registry, clients.sfn, place),
  };

  const runners = new Map<string, Runner>();
  const served = await serveUrls(registry, {
    host: options.host,
    account: place.account,
    port: (name) => portOf(outlines, name, options),
    runner: (name) => runners.get(name) ?? absent(name),
    onFailure: options.onFailure,
  });
  opened.push(...served.map(({ server }) => server));

  const functions = readFunctions(registry, outlines);
  for (const fn of functions) runners.set(fn.name, runnerOf(fn, shell));
  opened.push(...runners.values());

  const lambda = createInvoker((name) => runners.get(name));
  services.setInvoker(lambda);
  const { onFailure } = options;
  const triggers = openTriggers({ registry, sqs: clients.sqs, lambda, place, onFailure });
  opened.push(...triggers);
  // Closed first: answers under way may end while everything behind them still runs.
  opened.push({
    close: async () => void (await Promise.all(served.map(({ server }) => server.drain(DRAIN_MS)))),
  });

  return {
    place,
    clients,
    functions,
    urls: urlsOf(served),
    summary: summaryOf({ ...counts, function: functions.length }),
    skipped: skippedTypes(registry, SERVED),
    recycle(variables) {
      for (const fn of functions)
        runners.get(fn.name)?.recycle({ ...environmentOf(fn, shell), ...variables });
    },
    close: () => closeAll(opened),
  };
}

function portOf(outlines: readonly FunctionOutline[], name: string, options: CloudOptions): number {
  const outline = outlines.find((one) => one.name === name);
  return outline ? options.port(outline) : 0;
}

function runnerOf(fn: DeclaredFunction, shell: Shell): Runner {
  const { max, warm, idleMs } = shell.options.size(fn);
  const spec = { ...fn, environment: environmentOf(fn, shell) };
  return createProcessRunner(spec, {
    max: Math.max(1, Math.min(max, fn.reservedConcurrency ?? max)),
    warm,
    idleMs,
    onOutput: (line) => shell.options.onOutput(fn.name, line),
    onFailure: (line) => shell.options.onFailure(`${fn.name}: ${line}`),
  });
}

function environmentOf(fn: DeclaredFunction, { options, place }: Shell): Record<string, string> {
  return { ...fn.environment, ...awsVariables(place), ...options.variables(fn) };
}

function absent(name: string): never {
  throw exited(`${name} has not been started yet`);
}

function urlsOf(served: readonly ServedUrl[]): Map<string, string> {
  return new Map(served.map(({ functionName, server }) => [functionName, server.url]));
}

function summaryOf(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}${count === 1 ? '' : name.endsWith('s') ? 'es' : 's'}`)
    .join(', ');
}

/** Last opened, first closed: nothing is called that is closed already. */
export async function closeAll(opened: readonly Closable[]): Promise<void> {
  for (const item of opened.toReversed()) await item.close();
}
