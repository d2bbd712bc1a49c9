import type { Exchange } from '../exchange.ts';
import type { GatewayOptions, GatewayPorts } from '../ports.ts';

/** What asking a remote detector needs beside the question. */
export interface RemoteCall {
  readonly exchange: Exchange;
  readonly ports: GatewayPorts;
  readonly options: GatewayOptions;
}
