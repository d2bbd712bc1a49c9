import type * as z from 'zod';
import { ConsoleError } from './console-error.ts';

/** The query of a URL, checked: a parameter that is unknown, wrong or given twice is a 400 that names it. */
export function readQuery<T>(url: string, schema: z.ZodType<T>): T {
  const { searchParams } = new URL(url);
  const twice = [...searchParams.keys()].find((name) => searchParams.getAll(name).length > 1);
  if (twice !== undefined)
    throw new ConsoleError('invalid_request', `${printable(twice)} is given more than once.`);
  return check(Object.fromEntries(searchParams), schema);
}

/** A value against its schema; the 400 names each wrong member. */
export function check<T>(value: unknown, schema: z.ZodType<T>): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new ConsoleError('invalid_request', problems.map((problem) => problem.replace(/^: /, '')).join('; '));
}

function printable(name: string): string {
  return JSON.stringify(name.slice(0, 40));
}
