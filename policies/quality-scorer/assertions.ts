import * as z from 'zod';
import { LinearPatternText, matchesPattern } from '#core/text/linear-pattern.ts';

const text = z.string().min(1).max(500);

/** A check of one's own; a failed one costs the whole score. */
export const Assertion = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('contains'), value: text, case_sensitive: z.boolean().default(true) }),
  z.strictObject({ type: z.literal('not-contains'), value: text, case_sensitive: z.boolean().default(true) }),
  z.strictObject({ type: z.literal('regex'), value: LinearPatternText }),
  z.strictObject({ type: z.literal('is-json') }),
  z.strictObject({ type: z.literal('min-length'), value: z.int().min(1).max(1_000_000) }),
  z.strictObject({ type: z.literal('max-length'), value: z.int().min(1).max(1_000_000) }),
]);
export type Assertion = z.infer<typeof Assertion>;

export function holds(assertion: Assertion, answer: string): boolean {
  switch (assertion.type) {
    case 'contains':
      return contains(answer, assertion.value, assertion.case_sensitive);
    case 'not-contains':
      return !contains(answer, assertion.value, assertion.case_sensitive);
    case 'regex':
      return matchesPattern(assertion.value, answer);
    case 'is-json':
      return isJson(answer);
    case 'min-length':
      return answer.length >= assertion.value;
    case 'max-length':
      return answer.length <= assertion.value;
  }
}

function contains(answer: string, value: string, caseSensitive: boolean): boolean {
  return caseSensitive ? answer.includes(value) : answer.toLowerCase().includes(value.toLowerCase());
}

function isJson(answer: string): boolean {
  try {
    JSON.parse(answer);
    return true;
  } catch {
    return false;
  }
}
