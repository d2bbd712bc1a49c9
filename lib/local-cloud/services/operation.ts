import type * as z from 'zod';
import { AwsError } from './aws-error.ts';

/** One operation of a service: JSON in, JSON out. `signal` aborts when the caller left. */
export type Operation = (input: unknown, signal: AbortSignal) => Promise<unknown>;

/** A stand-in for one AWS service, found by the prefix of `X-Amz-Target`. */
export interface Service {
  readonly target: string;
  readonly operations: Readonly<Record<string, Operation>>;
  close(): Promise<void>;
}

/** An operation whose input is checked first; what does not fit is refused with `code` and the members at fault. */
export function operation<S extends z.ZodType>(
  schema: S,
  run: (input: z.output<S>, signal: AbortSignal) => unknown,
  code = 'ValidationException',
): Operation {
  return async (input, signal) => {
    const parsed = schema.safeParse(input);
    if (!parsed.success) throw new AwsError(code, describe(parsed.error));
    return run(parsed.data, signal);
  };
}

function describe(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`).join('; ');
}
