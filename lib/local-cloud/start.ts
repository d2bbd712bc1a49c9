import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '#env/deployment.ts';
import { banner } from './banner.ts';
import { openCloud } from './cloud.ts';
import type { Cloud } from './cloud-types.ts';
import { seedCredentials } from './credentials.ts';
import { openFunctionLogs } from './function-logs.ts';
import { Credentials, type LocalFile, readPrivate, refuseSecond, writePrivate } from './local-file.ts';
import { watchPack } from './pack-reload.ts';
import { chooseProvider, fillSecrets, type Provider } from './provider.ts';
import type { DeclaredFunction, FunctionOutline } from './resources/functions.ts';
import { type Settings, settingsOf } from './settings.ts';
import { StartError } from './start-error.ts';
import type { StartOptions, StartTerminal } from './start-options.ts';
import { synthesize } from './synth.ts';

/**
 * `kt start`: synthesizes if needed, boots the stacks of one environment from `cdk.out`, says where they are, and runs until
 * the terminal is interrupted; everything is closed when it resolves. Rejects with a `StartError` of one line when the stack
 * cannot start.
 */
export async function startLocal(options: StartOptions, terminal: StartTerminal): Promise<void> {
  const signal = terminal.interrupted();
  const opened: Closable[] = [];
  try {
    await boot(options, settingsOf(options, terminal.env), terminal, opened);
    await aborted(signal);
    terminal.err('stopping …');
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    for (const item of opened.toReversed()) await item.close();
  }
}

interface Closable {
  close(): unknown;
}

async function boot(
  options: StartOptions,
  settings: Settings,
  terminal: StartTerminal,
  opened: Closable[],
): Promise<void> {
  const began = performance.now();
  await prepareState(settings);
  const assembly = await synthesizeAloud(settings, terminal);

  const provider = await chooseProvider(terminal.env);
  opened.push(provider);
  const logs = openFunctionLogs(settings.logDir);
  opened.push(logs);
  const cloud = await openCloud({
    assembly,
    environment: settings.environment,
    dataDir: settings.dataDir,
    host: settings.host,
    port: (fn) => portOf(fn, settings),
    size: (fn) => sizeOf(fn, settings),
    variables: (fn) => variablesOf(fn, settings, provider),
    onOutput: logs.write,
    onFailure: (line) => terminal.err(`${line} (logs: .kt/logs)`),
  });
  opened.push(cloud);
  terminal.err(`resources ${cloud.summary}`);
  if (cloud.skipped.length > 0) terminal.err(`skipped   ${cloud.skipped.join(', ')}`);
  await fillSecrets(cloud, terminal.env);

  const gateway = functionOf(cloud, 'gateway');
  const deployment = deploymentOf(gateway);
  opened.push(reloadPack(options, settings, terminal, cloud, deployment));

  const local = await describeStack(options, settings, cloud, gateway, deployment);
  writePrivate(settings.localFile, local);
  opened.push({ close: () => rmSync(settings.localFile, { force: true }) });
  terminal.err(`ready     in ${seconds(performance.now() - began)}`);
  terminal.out(banner(local, provider.label, deployment.pack.targets[0]?.model ?? 'gpt-4o'));
}

async function prepareState({ stateDir, localFile, dataDir, fresh }: Settings): Promise<void> {
  await refuseSecond(localFile);
  rmSync(localFile, { force: true });
  if (fresh) rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
}

async function synthesizeAloud(settings: Settings, terminal: StartTerminal): Promise<string> {
  const { root, environment, packFile } = settings;
  const began = performance.now();
  terminal.err(`synth     ${environment} …`);
  const { folder, fresh } = await synthesize({
    root,
    environment,
    signal: terminal.interrupted(),
    ...(packFile !== undefined && { packFile }),
  });
  const how = fresh ? `cdk.out is new, ${seconds(performance.now() - began)}` : 'cdk.out is current';
  terminal.err(`synth     ${how}`);
  return folder;
}

/** Functions are told apart by their tag; the shared gateway and the console have ports that people know. */
function portOf({ component, dedicatedApp }: FunctionOutline, settings: Settings): number {
  if (component === 'gateway' && dedicatedApp === undefined) return settings.gatewayPort;
  return component === 'console' ? settings.consolePort : 0;
}

function sizeOf({ component, dedicatedApp }: FunctionOutline, settings: Settings) {
  if (component !== 'gateway') return { max: 1, warm: 0, idleMs: 20_000 };
  const warm = dedicatedApp === undefined ? 1 : 0;
  return { max: settings.gatewayProcesses, warm, idleMs: 60_000 };
}

function variablesOf(fn: DeclaredFunction, settings: Settings, provider: Provider): Record<string, string> {
  return {
    NODE_COMPILE_CACHE: join(settings.stateDir, 'compiled'),
    ...(fn.component === 'gateway' && provider.variables),
  };
}

function functionOf(cloud: Cloud, component: string): DeclaredFunction {
  const found = cloud.functions.find((fn) => fn.component === component && fn.dedicatedApp === undefined);
  if (!found) throw new StartError(`the stack has no function tagged keeptrusts:component=${component}`);
  return found;
}

function deploymentOf({ assetDir, environment }: DeclaredFunction): Deployment {
  const path = join(assetDir, environment['DEPLOYMENT_FILE'] ?? 'deployment.json');
  return JSON.parse(readFileSync(path, 'utf8')) as Deployment;
}

function reloadPack(
  { compile }: StartOptions,
  { root, packFile, dataDir }: Settings,
  terminal: StartTerminal,
  cloud: Cloud,
  base: Deployment,
): Closable {
  if (packFile === undefined) return { close() {} };
  const path = join(dataDir, 'deployment.json');
  return watchPack({
    file: packFile,
    root,
    compile,
    base,
    say: (line) => terminal.err(line),
    apply(deployment) {
      writePrivate(path, deployment);
      cloud.recycle({ DEPLOYMENT_FILE: path });
    },
  });
}

async function describeStack(
  options: StartOptions,
  settings: Settings,
  cloud: Cloud,
  gateway: DeclaredFunction,
  deployment: Deployment,
): Promise<LocalFile> {
  const stateTable = gateway.environment['STATE_TABLE'] ?? '';
  const file = join(settings.dataDir, 'credentials.json');
  const keys = options.keyStore(cloud.clients.dynamo, stateTable);
  const previous = readPrivate(file, Credentials);
  const credentials = await seedCredentials(keys, deployment.apps, previous, new Date());
  writePrivate(file, credentials);

  const urlOf = (fn: DeclaredFunction) => cloud.urls.get(fn.name) ?? '';
  const dedicated = cloud.functions.flatMap((fn) =>
    fn.dedicatedApp === undefined ? [] : [[fn.dedicatedApp, `${urlOf(fn)}/v1`] as const],
  );
  return {
    gatewayUrl: `${urlOf(gateway)}/v1`,
    consoleUrl: urlOf(functionOf(cloud, 'console')),
    dedicated: Object.fromEntries(dedicated),
    ...credentials,
    awsEndpoint: cloud.place.endpoint,
    region: cloud.place.region,
    stateTable,
    environment: settings.environment,
    pid: process.pid,
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
