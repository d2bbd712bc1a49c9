import * as z from 'zod';
import { termProblem } from './term-finder.ts';

/** A list of words and short phrases in a pack. */
export const TermList = z
  .array(
    z
      .string()
      .max(200)
      .superRefine((text, context) => {
        const problem = termProblem(text);
        if (problem) context.addIssue({ code: 'custom', message: problem });
      }),
  )
  .max(2_000);

/** Keeps what was built from a list of settings: a pack's settings live as long as the gateway. */
export function rememberBy<K extends object, V>(build: (key: K) => V): (key: K) => V {
  const built = new WeakMap<K, V>();
  return (key) => {
    const known = built.get(key);
    if (known !== undefined) return known;
    const value = build(key);
    built.set(key, value);
    return value;
  };
}
