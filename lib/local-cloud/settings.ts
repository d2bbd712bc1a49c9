import { relative, resolve } from 'node:path';
import { StartError } from './start-error.ts';
import type { StartOptions } from './start-options.ts';

/** The options with everything decided. */
export interface Settings {
  readonly root: string;
  readonly environment: string;
  readonly packFile?: string;
  readonly fresh: boolean;
  readonly host: string;
  readonly gatewayPort: number;
  readonly consolePort: number;
  /** Most gateway processes at a time. */
  readonly gatewayProcesses: number;
  /** `AWS_ENDPOINT_URL_<SERVICE>` of the functions, where one service is to be found elsewhere. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** `.kt`, and in it: */
  readonly stateDir: string;
  readonly localFile: string;
  readonly dataDir: string;
  readonly logDir: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

const MAX_PORT = 65_535;

/** Options before variables before defaults; a value that is no number is refused by its name. */
export function settingsOf(options: StartOptions, env: Variables): Settings {
  const { root, environment = 'dev', packFile, fresh = false, listen = '127.0.0.1' } = options;
  const stateDir = resolve(root, '.kt');
  return {
    root,
    environment,
    fresh,
    host: listen,
    gatewayPort: options.gatewayPort ?? numberOf(env, 'KT_GATEWAY_PORT', 41_002, MAX_PORT),
    consolePort: options.consolePort ?? numberOf(env, 'KT_CONSOLE_PORT', 41_003, MAX_PORT),
    gatewayProcesses: Math.max(1, numberOf(env, 'KT_GATEWAY_PROCESSES', 4, 64)),
    endpoints: endpointsOf(env),
    stateDir,
    localFile: resolve(stateDir, 'local.json'),
    dataDir: resolve(stateDir, 'cloud', environment),
    logDir: resolve(stateDir, 'logs'),
    ...(packFile !== undefined && { packFile: shortPath(root, packFile) }),
  };
}

/** `KT_AWS_ENDPOINT_URL_SFN=http://…`: not the SDK's own name, which a shell may hold for something else. */
function endpointsOf(env: Variables): Record<string, string> {
  const own = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith('KT_AWS_ENDPOINT_URL_') && value ? [[name, value] as const] : [],
  );
  for (const [name, value] of own)
    if (!/^https?:/.test(value) || !URL.canParse(value))
      throw new StartError(`${name}=${value} is no http address`);
  return Object.fromEntries(own.map(([name, value]) => [name.slice('KT_'.length), value]));
}

function numberOf(env: Variables, name: string, fallback: number, max: number): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > max)
    throw new StartError(`${name}=${text} is no whole number from 0 to ${max}`);
  return value;
}

/** Messages name a file as a person in the project would. */
function shortPath(root: string, file: string): string {
  const path = relative(root, resolve(root, file));
  return path.startsWith('..') ? resolve(root, file) : path;
}
