import { RE2JS } from 're2js';
import * as z from 'zod';
import { PolicyFailure } from '#core/policy/failure.ts';
import type { Span } from '#core/policy/policy.ts';

/** A compiled pattern counts instructions; more would cost milliseconds per kilobyte. */
const MAX_PROGRAM = 2_000;
const MAX_LENGTH = 500;
/** A text with more of them is not judged at all: to pass over the rest would let it through. */
const MAX_MATCHES = 5_000;

/** A customer's regular expression: RE2 syntax, so that no text can make it slow. */
export const LinearPatternText = z
  .string()
  .min(1)
  .max(MAX_LENGTH)
  .superRefine((source, context) => {
    const problem = patternProblem(source);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });

/** Why a pattern is refused, or undefined. */
function patternProblem(source: string): string | undefined {
  try {
    const compiled = RE2JS.compile(source);
    if (compiled.programSize() > MAX_PROGRAM) return 'is too large; use smaller repeat counts';
    return compiled.test('') ? 'matches the empty text; make it need at least one character' : undefined;
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'not readable';
    return `is not a valid RE2 pattern (${reason}); look-around and back-references are not available`;
  }
}

const compiledPatterns = new Map<string, RE2JS>();

/** All matches of a checked pattern, leftmost first, not overlapping. Throws PolicyFailure when there are more than 5,000. */
export function findPattern(source: string, text: string, ignoreCase = false): Span[] {
  const matcher = compiled(source, ignoreCase).matcher(text);
  const spans: Span[] = [];
  while (matcher.find()) {
    if (spans.length >= MAX_MATCHES)
      throw new PolicyFailure(`a pattern matches more than ${MAX_MATCHES} times`);
    const span = { start: matcher.start(), end: matcher.end() };
    if (span.end > span.start) spans.push(span);
  }
  return spans;
}

/** The leftmost match of a checked pattern. */
export function firstMatch(source: string, text: string, ignoreCase = false): Span | undefined {
  const matcher = compiled(source, ignoreCase).matcher(text);
  return matcher.find() ? { start: matcher.start(), end: matcher.end() } : undefined;
}

export function matchesPattern(source: string, text: string, ignoreCase = false): boolean {
  return compiled(source, ignoreCase).test(text);
}

/** Patterns come from the pack only, so their number is bounded by it. */
function compiled(source: string, ignoreCase: boolean): RE2JS {
  const key = `${ignoreCase ? 'i' : 's'}:${source}`;
  let pattern = compiledPatterns.get(key);
  if (!pattern) {
    pattern = RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    compiledPatterns.set(key, pattern);
  }
  return pattern;
}
