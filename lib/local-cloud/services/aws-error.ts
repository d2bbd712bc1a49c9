/** A refusal as an AWS service words it; the server turns it into the wire form every SDK understands. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;
  /** Further members of the error's body, e.g. `CancellationReasons`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { status?: number; members?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message);
    this.code = code;
    this.status = options.status ?? 400;
    this.members = options.members ?? {};
  }
}

/** The refusal of a request whose members are missing, wrong or out of bounds. */
export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
