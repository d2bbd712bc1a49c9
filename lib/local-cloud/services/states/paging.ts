import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import { type Operation, operation } from '../operation.ts';

const page = {
  maxResults: z.number().int().min(0).max(1000).default(100),
  nextToken: z.string().optional(),
};

/** A list operation that answers in pages under `member`. */
export function paged<S extends z.ZodObject>(
  schema: S,
  member: string,
  list: (input: z.output<S>) => readonly object[],
): Operation {
  return operation(z.object(page).loose(), (input) => {
    const all = list(schema.parse(input));
    const start = input.nextToken === undefined ? 0 : Number(input.nextToken);
    if (!Number.isInteger(start) || start < 0)
      throw new AwsError('InvalidToken', "Invalid Token: 'nextToken'");
    const end = start + (input.maxResults || 100);
    return { [member]: all.slice(start, end), ...(end < all.length ? { nextToken: String(end) } : {}) };
  });
}
