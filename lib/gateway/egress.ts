import { GatewayError } from '#core/errors.ts';
import type { Target } from '#core/pack/pack.ts';
import type { GatewayOptions } from './ports.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
/** Literal addresses that no provider has: link-local (instance metadata), unspecified, private. */
const INNER_ADDRESS = /^(0\.|10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[(::|fc|fd|fe80))/i;

/** The part of a target that says where it is. */
type Endpoint = Pick<Target, 'id' | 'vendor' | 'base_url'>;

/**
 * The only place that says where the gateway may connect: the host comes from the configuration, never from a request;
 * https only (plain http to loopback where allowed), no user info, no odd port, no inner address. Throws `config_unavailable`.
 */
export function egressUrl(target: Endpoint, options: GatewayOptions): string {
  const override = target.vendor === 'openai' ? options.baseUrlOverride : undefined;
  const url = parse(override ?? target.base_url, target);
  const loopback = LOOPBACK.has(url.hostname) && options.allowLoopbackTargets;
  const secure =
    url.protocol === 'https:' && (url.port === '' || url.port === '443') && !INNER_ADDRESS.test(url.hostname);
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!plain || !(secure || (loopback && url.protocol.startsWith('http')))) {
    throw new GatewayError(
      'config_unavailable',
      `Target "${target.id}": its base_url is not allowed. Use https on port 443 to a public host, without user name or query.`,
    );
  }
  return url.href.replace(/\/+$/, '');
}

function parse(text: string, target: Endpoint): URL {
  try {
    return new URL(text);
  } catch (cause) {
    throw new GatewayError('config_unavailable', `Target "${target.id}": its base_url is not a URL.`, {
      cause,
    });
  }
}
