import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isObject } from '#core/json.ts';
import { CliError } from '../cli-error.ts';
import { runningStack, STATE_FOLDER } from '../stack-file.ts';
import { readGatewayFile } from '../standalone-state.ts';
import type { Terminal } from '../terminal.ts';

export interface Gateway {
  /** Without `/v1`, without a slash at its end; may have a path like `/a/hr-bot`. */
  readonly url: string;
  /** Which it is, in words. */
  readonly what: string;
  /** Of the local stack. */
  readonly key?: string;
}

/** The gateway that Dify shall use: the one named, else the one that runs here. */
export async function findGateway(
  { url, outputs }: { readonly url?: string; readonly outputs?: string },
  terminal: Terminal,
): Promise<Gateway> {
  if (url !== undefined) return { url: plain(url), what: 'the gateway you named' };
  if (outputs !== undefined)
    return { url: plain(await urlIn(resolve(terminal.cwd, outputs))), what: 'the deployed gateway' };
  const stack = await runningStack(terminal);
  if (stack) return { url: plain(stack.gatewayUrl), what: 'the local stack (kt start)', key: stack.apiKey };
  const standalone = await readGatewayFile(join(terminal.cwd, STATE_FOLDER));
  if (standalone) return { url: plain(standalone.url), what: 'the gateway of this folder (kt gateway run)' };
  throw new CliError(
    'No gateway runs here. Start one (kt start, kt gateway run), or name one: --url or --outputs.',
  );
}

function plain(url: string): string {
  const base = url.replace(/\/+$/, '').replace(/\/v1$/, '');
  const parsed = URL.parse(base);
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password || parsed.search)
    throw new CliError(
      `Not an address for Dify: ${base.slice(0, 200)}. It looks like https://…/v1, without a query (Dify would cut it off).`,
    );
  return base;
}

/** The one gateway URL in what `cdk deploy --outputs-file` wrote. */
async function urlIn(file: string): Promise<string> {
  const urls = Object.values(await readJson(file))
    .filter((stack) => isObject(stack as never))
    .flatMap((stack) => Object.entries(stack as Record<string, unknown>))
    .filter(([name, value]) => name.includes('GatewayUrl') && typeof value === 'string');
  const [first, ...others] = urls;
  if (first && others.length === 0) return String(first[1]);
  const found = urls.map(([name, value]) => `\n  ${name}  ${value}`).join('');
  throw new CliError(
    found
      ? `${file} names several gateways; choose one with --url:${found}`
      : `${file} names no gateway. It is what cdk deploy --outputs-file writes.`,
  );
}

async function readJson(file: string): Promise<object> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof value === 'object' && value !== null) return value;
  } catch (cause) {
    throw new CliError(`${file} cannot be read as JSON.`, { cause });
  }
  throw new CliError(`${file} is not what cdk deploy --outputs-file writes.`);
}
