import { ProviderFailure } from '../failure.ts';

/** Something of the request has no place on this wire; dropping it would change what the client gets. Becomes a 400. */
export function cannot(what: string, instead: string): ProviderFailure {
  return new ProviderFailure('invalid_request', `${what} cannot be sent to this model. ${instead}`);
}
