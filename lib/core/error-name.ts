/** The kind of a failure. Its message may quote a text, a key or a token. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
