import { GatewayError } from '#core/errors.ts';
import type { ExchangeFacts } from '#core/policy/policy.ts';
import type { Served } from './call-provider.ts';
import type { Exchange } from './exchange.ts';
import type { ExchangeKit } from './kit.ts';
import type { ModelRoute } from './model-route.ts';

/** An answer on its way from the provider to the client. */
export interface Relay {
  readonly exchange: Exchange;
  readonly served: Served;
  readonly facts: ExchangeFacts;
  /** Texts of the request, to estimate usage where the provider gives none. */
  readonly texts: readonly string[];
  /** Of the request as it came; computed where an answer is held. */
  readonly requestHash: () => string;
  /** Stops the provider: the client left, the deadline came, or a policy blocked. */
  readonly stop: AbortController;
  /** Aborted when the client left, where the door can see that. */
  readonly client: AbortSignal;
  /** Aborted when the door's deadline came. */
  readonly late: AbortSignal;
  readonly kit: ExchangeKit;
}

/** A kind of model call with the way its answers are guarded and handed on. */
export interface RelayedRoute extends ModelRoute {
  relay(relay: Relay): Promise<Response>;
}

/** The door's deadline came before the provider was done. */
export function tooLate(cause: unknown): GatewayError {
  return new GatewayError('provider_timeout', 'The answer took longer than the gateway can wait.', { cause });
}
