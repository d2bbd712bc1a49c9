import type { Exchange } from '../exchange.ts';
import type { ExchangeKit } from '../kit.ts';

/** What asking a remote detector needs beside the question. */
export interface RemoteCall {
  readonly exchange: Exchange;
  readonly kit: ExchangeKit;
}
