import { once } from 'node:events';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Pack } from '#core/pack/pack.ts';
import type { Log } from '#core/ports.ts';
import { type HttpDoor, serveHttp } from '#local/serve-http.ts';
import { CliError, EXIT, systemCode } from '../cli-error.ts';
import { gatewayBanner, missingSecrets } from '../gateway-banner.ts';
import { isExposed, type ListenAddress, listenAddress } from '../listen-address.ts';
import { openLivePack } from '../live-pack.ts';
import { PACK_FILE, type PackFiles } from '../pack-file.ts';
import { STATE_FOLDER } from '../stack-file.ts';
import { openStandaloneGateway, type StandaloneGateway } from '../standalone-gateway.ts';
import { STANDALONE, writeGatewayFile } from '../standalone-state.ts';
import { paint, type Terminal } from '../terminal.ts';
import { outLog } from '../terminal-log.ts';

interface Options {
  readonly policyConfig?: PackFiles;
  readonly listen: ListenAddress;
  readonly state: string;
  readonly log: 'text' | 'json';
  readonly failMode: 'block' | 'allow';
  readonly maxConcurrency: number;
  readonly maxQueue?: number;
  readonly drain: number;
}

const EXAMPLES = `
Examples:
  OPENAI_API_KEY=sk-… kt gateway run --policy-config policy-config.yaml
  kt gateway run --policy-config base.yaml --policy-config team.yaml     team.yaml overrides base.yaml
  kt gateway run --listen 127.0.0.1:0 --log json

A saved pack is in force from the next call on (SIGHUP asks at once); one with problems is told and refused. The provider's key comes from the environment variable the pack names. OPENAI_BASE_URL, when set,
replaces the address of every openai provider. Ctrl-C lets running calls end (--drain), then stops.`;

export function addGatewayRun(gateway: Command, terminal: Terminal): void {
  gateway
    .command('run')
    .description('serve a policy pack on this machine: same gateway, no cloud')
    .option(
      '--policy-config <file>',
      `policy pack (default: ${PACK_FILE}); given again, a later file overrides an earlier one`,
      layer,
    )
    .option('--listen <host:port>', 'where to listen', listenAddress, { host: '127.0.0.1', port: 41_002 })
    .option('--state <folder>', 'where journal, keys and held answers are kept', STATE_FOLDER)
    .addOption(new Option('--log <format>', 'one line per call').choices(['text', 'json']).default('text'))
    .addOption(
      new Option('--fail-mode <mode>', 'what a policy that fails does, where the pack does not say on_error')
        .choices(['block', 'allow'])
        .default('block'),
    )
    .option('--max-concurrency <n>', 'calls at the same time; more wait, then get 503', count, 64)
    .option('--max-queue <n>', 'calls that may wait (default: four per place)', count)
    .option('--drain <seconds>', 'time running calls get when it stops', count, 10)
    .addHelpText('after', EXAMPLES)
    .action((options: Options) => run(options, terminal));
}

async function run(options: Options, terminal: Terminal): Promise<void> {
  const folder = resolve(terminal.cwd, options.state);
  const log = outLog(terminal, options.log);
  const ended = terminal.interrupted();
  const files = options.policyConfig ?? [PACK_FILE];
  let url: string | undefined;
  const announce = (pack: Pack) => url && void tellState(folder, url, pack, log);
  const defaults = { on_error: options.failMode };
  const live = await openLivePack({ files, defaults, terminal, onChange: announce });
  const gateway = await openStandaloneGateway(() => live.current, folder, { log, terminal });
  try {
    const door = await listen(gateway, options, log);
    url = door.url;
    const pack = live.current;
    await tellState(folder, url, pack, log);
    const banner = gatewayBanner(pack, { url, file: files.join(' + '), folder: options.state }, terminal);
    // With --log json the standard output is for a program.
    if (options.log === 'json') terminal.err(banner);
    else terminal.out(banner);
    for (const warning of warnings(options, missingSecrets(pack, terminal))) {
      terminal.err(paint(terminal, 'yellow', warning));
    }
    if (!ended.aborted) await once(ended, 'abort');
    terminal.err('stopping: running calls may end');
    await door.close(options.drain * 1000);
  } finally {
    live.close();
    await gateway.close();
  }
}

/** What other commands of this machine read about the running gateway. It serves without. */
async function tellState(folder: string, url: string, pack: Pack, log: Log): Promise<void> {
  const names = { environment: STANDALONE, pack: `${pack.name}@${pack.version}`, packHash: pack.hash };
  await writeGatewayFile(folder, { url, pid: process.pid, ...names }).catch((error: unknown) =>
    log.error('gateway.json cannot be written', { error: String(error) }),
  );
}

async function listen({ app }: StandaloneGateway, options: Options, log: Log): Promise<HttpDoor> {
  const { host, port } = options.listen;
  const onError = (error: unknown) => log.error('the gateway failed', { error: String(error) });
  try {
    return await serveHttp(app, {
      host,
      port,
      maxConcurrent: options.maxConcurrency,
      ...(options.maxQueue === undefined ? {} : { maxWaiting: options.maxQueue }),
      unlimited: (path) => path === '/keeptrusts/health',
      onError,
    });
  } catch (cause) {
    throw new CliError(`Cannot listen on ${host}:${port}: ${whyNot(cause)}`, {
      exitCode: EXIT.unreachable,
      cause,
    });
  }
}

function whyNot(error: unknown): string {
  const code = systemCode(error);
  if (code === 'EADDRINUSE') return 'the port is in use. Stop what uses it, or choose another with --listen.';
  if (code === 'EACCES') return 'not allowed. Choose a port above 1023 with --listen.';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'this machine does not have that address.';
  return code ?? String(error);
}

function warnings({ listen: address }: Options, missing: readonly string[]): string[] {
  const unset = missing.map(
    (name) => `${name} is not set: calls that need it are refused until you set it and restart.`,
  );
  const exposed =
    'Other machines can reach this address, and keys travel unencrypted: put TLS in front of it.';
  return isExposed(address) ? [...unset, exposed] : unset;
}

function layer(file: string, earlier: PackFiles | undefined): PackFiles {
  return earlier ? [...earlier, file] : [file];
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 10_000) return value;
  throw new InvalidArgumentError('Write a whole number from 1 to 10000.');
}
