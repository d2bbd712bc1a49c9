import cluster from 'node:cluster';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { GatewaySettings } from '../gateway-settings.ts';
import { runWorker } from '../gateway-worker.ts';
import { type ListenAddress, listenAddress } from '../listen-address.ts';
import { PACK_FILE, type PackFiles } from '../pack-file.ts';
import { runGateway } from '../run-gateway.ts';
import { STATE_FOLDER } from '../stack-file.ts';
import type { Terminal } from '../terminal.ts';
import { outLog } from '../terminal-log.ts';

interface Options {
  readonly policyConfig?: PackFiles;
  readonly listen: ListenAddress;
  readonly metrics?: ListenAddress;
  readonly state: string;
  readonly log: 'text' | 'json';
  readonly failMode: 'block' | 'allow';
  readonly maxConcurrency: number;
  readonly maxQueue?: number;
  readonly workers: number;
  readonly drain: number;
  readonly journalMb: number;
  readonly journalDays?: number;
}

const EXAMPLES = `
Examples:
  OPENAI_API_KEY=sk-… kt gateway run --policy-config policy-config.yaml
  kt gateway run --policy-config base.yaml --policy-config team.yaml     team.yaml overrides base.yaml
  kt gateway run --workers 4 --metrics 127.0.0.1:9464
  kt gateway run --listen 127.0.0.1:0 --log json

A saved pack is in force from the next call on (SIGHUP asks at once); one with problems is told and refused. The
provider's key comes from the environment variable the pack names. OPENAI_BASE_URL, when set, replaces the address of
every openai provider. KEEPTRUSTS_API_URL and KEEPTRUSTS_GATEWAY_TOKEN report the events to a control plane. Ctrl-C lets
running calls end (--drain), then stops.`;

const MEBIBYTE = 1024 * 1024;
const DAY_MS = 86_400_000;

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
    .option('--metrics <host:port>', 'show figures for Prometheus at /metrics there', listenAddress)
    .option('--state <folder>', 'where journal, keys and held answers are kept', STATE_FOLDER)
    .addOption(new Option('--log <format>', 'one line per call').choices(['text', 'json']).default('text'))
    .addOption(
      new Option('--fail-mode <mode>', 'what a policy that fails does, where the pack does not say on_error')
        .choices(['block', 'allow'])
        .default('block'),
    )
    .option('--max-concurrency <n>', 'calls at the same time; more wait, then get 503', count, 64)
    .option('--max-queue <n>', 'calls that may wait (default: four per place)', count)
    .option('--workers <n>', 'processes that serve calls on the same port', processes, 1)
    .option('--drain <seconds>', 'time running calls get when it stops', count, 10)
    .option(
      '--journal-mb <n>',
      'size of the journal; beyond it the oldest files are deleted',
      megabytes,
      10_240,
    )
    .option('--journal-days <n>', 'age at which files of the journal are deleted (default: never)', count)
    .addHelpText('after', EXAMPLES)
    .action((options: Options) => run(options, terminal));
}

async function run(options: Options, terminal: Terminal): Promise<void> {
  const settings = settingsOf(options, terminal);
  const kit = { log: outLog(terminal, options.log), terminal };
  await (cluster.isWorker ? runWorker(settings, kit) : runGateway(settings, kit));
}

function settingsOf(options: Options, { cwd }: Terminal): GatewaySettings {
  const { listen, metrics, state, log, maxConcurrency, workers } = options;
  return {
    files: options.policyConfig ?? [PACK_FILE],
    defaults: { on_error: options.failMode },
    listen,
    metrics,
    folder: resolve(cwd, state),
    state,
    log,
    maxConcurrency,
    maxQueue: options.maxQueue ?? 4 * maxConcurrency,
    workers,
    drainMs: options.drain * 1000,
    journal: {
      maxBytes: options.journalMb * MEBIBYTE,
      ...(options.journalDays === undefined ? {} : { maxAgeMs: options.journalDays * DAY_MS }),
    },
  };
}

function layer(file: string, earlier: PackFiles | undefined): PackFiles {
  return earlier ? [...earlier, file] : [file];
}

function count(text: string): number {
  return wholeNumber(text, 10_000);
}

function processes(text: string): number {
  return wholeNumber(text, 64);
}

function megabytes(text: string): number {
  return wholeNumber(text, 10_000_000);
}

function wholeNumber(text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new InvalidArgumentError(`Write a whole number from 1 to ${most}.`);
}
