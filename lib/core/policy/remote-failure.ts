/**
 * A remote detector gave no answer. The message is ours and safe to record. `refused`: it does not let us in, or is not there, which
 * only an operator can change. `again`: asking once more may help.
 */
export class RemoteFailure extends Error {
  override readonly name = 'RemoteFailure';
  readonly refused: boolean;
  readonly again: boolean;

  constructor(message: string, { refused = false, again = false, cause }: Partial<RemoteFault> = {}) {
    super(message, { cause });
    this.refused = refused;
    this.again = again;
  }
}

interface RemoteFault {
  readonly refused: boolean;
  readonly again: boolean;
  readonly cause: unknown;
}

/** What an HTTP status of a detector means. */
export function statusFailure(status: number, cause?: unknown): RemoteFailure {
  const refused = status === 401 || status === 403 || status === 404;
  const again = status === 408 || status === 429 || status >= 500;
  const what = refused ? `refused with status ${status}` : `answered with status ${status}`;
  return new RemoteFailure(what, { refused, again, cause });
}
