import * as z from 'zod';
import type { Json } from '#core/json.ts';
import { LinearPatternText, matchesPattern } from '#core/text/linear-pattern.ts';
import { hasShape } from './json-shape.ts';
import { LANGUAGES, languageOf } from './language.ts';
import { shapeProblem } from './shape-problem.ts';
import { wordsOf } from './words.ts';

const text = z.string().min(1).max(500);
const texts = z.array(text).min(1).max(100);
/** Words are counted up to twice as many. */
const MAX_WORDS = 10_000;
const caseSensitive = z.boolean().default(true);
const Schema = z.record(z.string(), z.unknown()).superRefine((schema, context) => {
  const problem = shapeProblem(schema);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

const word = (type: 'contains' | 'not-contains' | 'starts-with' | 'ends-with' | 'equals') =>
  z.strictObject({ type: z.literal(type), value: text, case_sensitive: caseSensitive });
const words = (type: 'contains-any' | 'contains-all') =>
  z.strictObject({ type: z.literal(type), values: texts, case_sensitive: caseSensitive });
const size = (type: 'min-length' | 'max-length' | 'min-words' | 'max-words') =>
  z.strictObject({
    type: z.literal(type),
    value: z
      .int()
      .min(1)
      .max(type.endsWith('words') ? MAX_WORDS : 1_000_000),
  });

/** A check of one's own; a failed one costs the whole score. */
export const Assertion = z.discriminatedUnion('type', [
  word('contains'),
  word('not-contains'),
  word('starts-with'),
  word('ends-with'),
  word('equals'),
  words('contains-any'),
  words('contains-all'),
  z.strictObject({ type: z.literal('regex'), value: LinearPatternText }),
  z.strictObject({ type: z.literal('not-regex'), value: LinearPatternText }),
  z.strictObject({ type: z.literal('is-json') }),
  z.strictObject({ type: z.literal('json-schema'), schema: Schema }),
  z.strictObject({ type: z.literal('language'), value: z.enum(LANGUAGES) }),
  size('min-length'),
  size('max-length'),
  size('min-words'),
  size('max-words'),
]);
export type Assertion = z.infer<typeof Assertion>;

/** Beginning and end are those of the answer without the white space around it. */
export function holds(assertion: Assertion, answer: string): boolean {
  switch (assertion.type) {
    case 'regex':
      return matchesPattern(assertion.value, answer);
    case 'not-regex':
      return !matchesPattern(assertion.value, answer);
    case 'is-json':
      return parsed(answer) !== undefined;
    case 'json-schema':
      return hasJsonShape(answer, assertion.schema);
    case 'language':
      return (languageOf(answer) ?? assertion.value) === assertion.value;
    case 'min-length':
      return answer.length >= assertion.value;
    case 'max-length':
      return answer.length <= assertion.value;
    case 'min-words':
      return wordsOf(answer).length >= assertion.value;
    case 'max-words':
      return wordsOf(answer).length <= assertion.value;
    default:
      return holdsWords(assertion, answer);
  }
}

type WordAssertion = Extract<Assertion, { case_sensitive: boolean }>;

function holdsWords(assertion: WordAssertion, answer: string): boolean {
  const fold = (value: string) => (assertion.case_sensitive ? value : value.toLowerCase());
  const folded = fold(answer);
  switch (assertion.type) {
    case 'contains':
      return folded.includes(fold(assertion.value));
    case 'not-contains':
      return !folded.includes(fold(assertion.value));
    case 'starts-with':
      return folded.trimStart().startsWith(fold(assertion.value));
    case 'ends-with':
      return folded.trimEnd().endsWith(fold(assertion.value));
    case 'equals':
      return folded.trim() === fold(assertion.value).trim();
    case 'contains-any':
      return assertion.values.some((value) => folded.includes(fold(value)));
    case 'contains-all':
      return assertion.values.every((value) => folded.includes(fold(value)));
  }
}

function hasJsonShape(answer: string, schema: object): boolean {
  const read = parsed(answer);
  return read !== undefined && hasShape(read.value, schema);
}

function parsed(answer: string): { readonly value: Json } | undefined {
  try {
    return { value: JSON.parse(answer) as Json };
  } catch {
    return undefined;
  }
}
