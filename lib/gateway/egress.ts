import { GatewayError } from '#core/errors.ts';
import { endpointProblem, reachOf } from '#core/net/endpoint.ts';
import type { Target } from '#core/pack/pack.ts';
import type { Fetch } from '#providers/provider.ts';
import type { GatewayOptions, GatewayPorts } from './ports.ts';

/** The part of a target that says where it is. */
type Endpoint = Pick<Target, 'id' | 'vendor' | 'base_url' | 'private_network'>;

/** Where a target is called, and a fetch that goes nowhere else. */
export interface Egress {
  readonly baseUrl: string;
  readonly fetch: Fetch;
}

/**
 * The only place that says where the gateway may connect: the host comes from the configuration, never from a request; https only
 * (plain http to loopback where allowed), no user info, no odd port, no inner address; the fetch port looks at the address that a
 * name resolves to. Throws `config_unavailable`.
 */
export function openEgress(target: Endpoint, ports: GatewayPorts, options: GatewayOptions): Egress {
  const override = target.vendor === 'openai' ? options.baseUrlOverride : undefined;
  const text = override ?? target.base_url;
  const problem = endpointProblem(text, target.private_network);
  if (problem) throw notAllowed(target, problem);
  const { origin, hostname, href } = new URL(text);
  const reach = reachOf(hostname, target.private_network);
  if (reach === 'loopback' && !options.allowLoopbackTargets) throw notAllowed(target, 'is on this machine');
  return {
    baseUrl: href.replace(/\/+$/, ''),
    fetch(url, init) {
      if (new URL(url).origin !== origin) throw notAllowed(target, 'was left');
      return ports.fetch(url, { ...init, reach, redirect: 'manual' });
    },
  };
}

function notAllowed({ id }: Endpoint, problem: string): GatewayError {
  return new GatewayError('config_unavailable', `Target "${id}": its base_url ${problem}.`);
}
