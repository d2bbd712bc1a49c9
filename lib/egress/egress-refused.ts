/** A connection was not made: its address is out of reach. The message names the host, which is configuration. */
export class EgressRefused extends Error {
  override readonly name = 'EgressRefused';
  readonly code = 'EGRESS_REFUSED';

  constructor(hostname: string) {
    super(`The gateway does not connect to ${hostname}: its address is not allowed.`);
  }
}
