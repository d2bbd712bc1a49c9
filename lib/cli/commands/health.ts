import { join } from 'node:path';
import type { Command } from 'commander';
import * as z from 'zod';
import { CliError, EXIT, systemCode } from '../cli-error.ts';
import { runningStack, STATE_FOLDER } from '../stack-file.ts';
import { readGatewayFile } from '../standalone-state.ts';
import { paint, type Terminal } from '../terminal.ts';

interface Options {
  readonly url?: string;
  readonly json?: boolean;
}

const TIMEOUT_MS = 5000;
const DEFAULT_URL = 'http://127.0.0.1:41002';

const Health = z.object({
  status: z.string(),
  version: z.string(),
  environment: z.string(),
  pack: z.object({ name: z.string(), version: z.string(), hash: z.string() }),
  chain: z.array(z.object({ kind: z.string(), mode: z.string() })),
});
type Health = z.infer<typeof Health>;

export function addHealth(program: Command, terminal: Terminal): void {
  program
    .command('health')
    .description('ask a gateway whether it serves, and with which pack')
    .option('--url <url>', `gateway to ask (default: the one that runs here, else ${DEFAULT_URL})`)
    .option('--json', 'the answer as JSON')
    .action(async ({ url, json }: Options) => {
      const base = originOf(url ?? (await gatewayHere(terminal)));
      const health = await ask(base);
      terminal.out(json ? JSON.stringify(health) : asText(base, health, terminal));
    });
}

async function gatewayHere(terminal: Terminal): Promise<string> {
  const stack = await runningStack(terminal);
  if (stack) return stack.gatewayUrl;
  return (await readGatewayFile(join(terminal.cwd, STATE_FOLDER)))?.url ?? DEFAULT_URL;
}

/** People paste the address they gave to Dify: `…/v1`. */
function originOf(url: string): string {
  const base = url.replace(/\/+$/, '').replace(/\/v1$/, '');
  if (URL.canParse(base)) return base;
  throw new CliError(`--url is not a URL: ${url}`);
}

async function ask(base: string): Promise<Health> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(`${base}/keeptrusts/health`, { signal, redirect: 'error' }).catch(
    (cause: unknown) => {
      const why = systemCode(cause) ?? (cause instanceof Error ? cause.name : 'unknown error');
      throw new CliError(
        `Cannot reach a gateway at ${base} (${why}). Start one with kt start or kt gateway run.`,
        {
          exitCode: EXIT.unreachable,
          cause,
        },
      );
    },
  );
  const health = Health.safeParse(await response.json().catch(() => undefined));
  if (response.ok && health.success) return health.data;
  throw new CliError(`${base} answers ${response.status}, but not like a Keeptrusts gateway.`, {
    exitCode: EXIT.check,
  });
}

function asText(
  base: string,
  { status, version, environment, pack, chain }: Health,
  terminal: Terminal,
): string {
  const steps = chain.map(({ kind, mode }) => (mode === 'observe' ? `${kind} (observe)` : kind)).join(' › ');
  return [
    `${paint(terminal, status === 'ok' ? 'green' : 'red', status)}  ${base}  version ${version}  environment ${environment}`,
    `pack   ${pack.name}@${pack.version}  ${pack.hash.slice(0, 12)}`,
    `chain  ${steps}`,
  ].join('\n');
}
