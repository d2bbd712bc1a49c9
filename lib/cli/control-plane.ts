import type { ControlPlane } from '#local/post-report.ts';
import { CliError } from './cli-error.ts';
import { isExposed } from './listen-address.ts';
import type { Terminal } from './terminal.ts';

/** Where events are reported to, from the environment; undefined = nowhere. A half or wrong setting is a CliError. */
export function controlPlaneOf({ env }: Pick<Terminal, 'env'>): ControlPlane | undefined {
  const address = env['KEEPTRUSTS_API_URL']?.trim();
  const token = env['KEEPTRUSTS_GATEWAY_TOKEN']?.trim();
  if (!address && !token) return undefined;
  if (!address) throw new CliError('KEEPTRUSTS_GATEWAY_TOKEN is set, KEEPTRUSTS_API_URL is not: set both.');
  if (!token)
    throw new CliError(
      'KEEPTRUSTS_API_URL is set, KEEPTRUSTS_GATEWAY_TOKEN is not: kt keys create --gateway <name> makes one.',
    );
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new CliError('KEEPTRUSTS_GATEWAY_TOKEN must be one word without spaces.');
  return { url: eventsUrl(address), token };
}

/** With or without a path, a slash at its end, or `/v1`. */
function eventsUrl(address: string): URL {
  const url = URL.parse(address);
  const plain =
    url?.protocol === 'http:' && !isExposed({ host: url.hostname.replace(/^\[|\]$/g, ''), port: 0 });
  if (!url || (url.protocol !== 'https:' && !plain) || url.username || url.password || url.search)
    throw new CliError(
      'KEEPTRUSTS_API_URL must be an https address (http on this machine), such as https://console.example.com.',
    );
  url.pathname = `${url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1/events`;
  url.hash = '';
  return url;
}
