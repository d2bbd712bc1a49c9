import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '#env/deployment.ts';
import { sayAnnouncement } from './announcements.ts';
import { banner } from './banner.ts';
import { openCloud } from './cloud.ts';
import type { Cloud } from './cloud-types.ts';
import { describeStack } from './describe-stack.ts';
import { openFunctionLogs } from './function-logs.ts';
import { type LocalIssuer, openIssuer } from './issuer/issuer.ts';
import { refuseSecond, writePrivate } from './local-file.ts';
import { watchPack } from './pack-reload.ts';
import { chooseProvider, fillSecrets } from './provider.ts';
import type { Settings } from './settings.ts';
import { deploymentOf, functionOf, portOf, sizeOf, variablesOf } from './stack-functions.ts';
import { StartError } from './start-error.ts';
import type { StartOptions, StartTerminal } from './start-options.ts';
import { synthesize } from './synth.ts';

/** Something to close when the stack ends. */
export interface Closable {
  close(): unknown;
}

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];
const HEALTH_MS = 30_000;

/** Starts everything, in order; what was started so far is in `opened`, also when it rejects. */
export async function boot(
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
  const issuer = await openIssuerFor(settings, opened);
  const cloud = await openCloud({
    assembly,
    environment: settings.environment,
    dataDir: settings.dataDir,
    host: settings.host,
    port: (fn) => portOf(fn, settings),
    size: (fn) => sizeOf(fn, settings),
    variables: (fn) => variablesOf(fn, settings, provider, issuer),
    onBusEvent: (event) => sayAnnouncement(event, logs, terminal),
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
  issuer?.allow(local.consoleUrl);
  for (const [app, url] of Object.entries(local.dedicated))
    terminal.err(`dedicated ${url} of the app ${app}`);
  if (!LOOPBACK.includes(settings.host))
    terminal.err(`caution   ${settings.host}: everyone who reaches this machine can try keys here`);
  await answers(local.gatewayUrl);
  opened.push({ close: () => rmSync(settings.localFile, { force: true }) });
  writePrivate(settings.localFile, local);
  terminal.err(`ready     in ${seconds(performance.now() - began)}`);
  terminal.out(banner(local, provider.label, deployment.pack.targets[0]?.model ?? 'gpt-4o'));
}

/** Everyone who reaches the issuer may be an admin: it is there as long as the console is for this machine only. */
async function openIssuerFor({ host }: Settings, opened: Closable[]): Promise<LocalIssuer | undefined> {
  if (!LOOPBACK.includes(host)) return undefined;
  const issuer = await openIssuer();
  opened.push(issuer);
  return issuer;
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

/** Ready means that the gateway has started and answers, so that the first call is no slower than the others. */
async function answers(gatewayUrl: string): Promise<void> {
  const url = new URL('/keeptrusts/health', gatewayUrl);
  const response = await fetch(url, { signal: AbortSignal.timeout(HEALTH_MS) });
  await response.body?.cancel();
  if (response.status >= 500)
    throw new StartError(`the gateway function fails (${url} answers ${response.status}): see .kt/logs`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
