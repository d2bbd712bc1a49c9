import * as z from 'zod';
import { didYouMean } from '#core/text/did-you-mean.ts';
import type { Problem } from './pack.ts';
import type { Path, YamlSource } from './yaml-source.ts';

/** Checks a part of a file with a strict schema; mistakes come back as problems with an address. */
export function checkPart<S>(
  schema: z.ZodType<S>,
  value: unknown,
  source: YamlSource,
  prefix: Path = [],
): { value: S } | { problems: Problem[] } {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data };
  return { problems: result.error.issues.flatMap((issue) => explain(issue, schema, value, source, prefix)) };
}

function explain(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  value: unknown,
  source: YamlSource,
  prefix: Path,
): Problem[] {
  const inner = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  const path = [...prefix, ...inner];
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, inner);
    return issue.keys.map((key) => source.keyProblem('E002', [...path, key], unknownWord('key', key, known)));
  }
  const found = valueAt(value, inner);
  if (found === undefined && issue.code !== 'custom') {
    return [source.problem('E004', path, `is missing: ${expectation(issue)}`)];
  }
  return [source.problem('E003', path, describe(issue, found))];
}

/** `unknown key "acton" — did you mean "action"?`, or the list of what is known. */
export function unknownWord(what: string, word: string, known: readonly string[]): string {
  const guess = didYouMean(word, known);
  const shown = word.slice(0, 60);
  if (guess) return `unknown ${what} "${shown}" — did you mean "${guess}"?`;
  return `unknown ${what} "${shown}"; known: ${known.join(', ')}`;
}

function describe(issue: z.core.$ZodIssue, found: unknown): string {
  if (issue.code === 'custom') return issue.message;
  const guess =
    issue.code === 'invalid_value' && typeof found === 'string'
      ? didYouMean(found, issue.values.map(String))
      : undefined;
  const is = issue.code === 'invalid_type' ? `, is ${typeName(found)}` : '';
  return `${expectation(issue)}${is}${guess ? ` — did you mean "${guess}"?` : ''}`;
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${EXPECTED[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `must ${sizeOf(issue.origin)} at least ${String(issue.minimum)}${unitOf(issue.origin)}`;
    case 'too_big':
      return `must ${sizeOf(issue.origin)} at most ${String(issue.maximum)}${unitOf(issue.origin)}`;
    default:
      return issue.message;
  }
}

const EXPECTED: Record<string, string> = {
  string: 'a text (put it in quotes)',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of keys',
  record: 'a mapping of keys',
};

const sizeOf = (origin: string) => (origin === 'number' || origin === 'int' ? 'be' : 'have');

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}

function typeName(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}

function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<string | number, unknown>)[part];
  }
  return current;
}

/** The keys a strict object allows at a place of a schema. */
function keysAt(schema: z.ZodType, path: Path): readonly string[] {
  let current: unknown = schema;
  for (const part of path) {
    const bare = unwrap(current);
    if (bare instanceof z.ZodObject) current = (bare.shape as Record<string, unknown>)[part];
    else if (bare instanceof z.ZodArray) current = bare.element;
    else if (bare instanceof z.ZodRecord) current = bare.valueType;
    else return [];
  }
  const bare = unwrap(current);
  return bare instanceof z.ZodObject ? Object.keys(bare.shape as object) : [];
}

function unwrap(schema: unknown): unknown {
  let current = schema;
  while (
    current instanceof z.ZodOptional ||
    current instanceof z.ZodDefault ||
    current instanceof z.ZodPrefault ||
    current instanceof z.ZodNullable
  ) {
    current = current.def.innerType;
  }
  return current;
}
