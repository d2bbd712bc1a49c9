import type { Span } from './policy.ts';

/** A span of a text and what stands there instead. */
export interface Replacement extends Span {
  readonly replacement: string;
}

/** True when `at` lies between the two halves of a surrogate pair. */
export function cutsPair(text: string, at: number): boolean {
  return isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at));
}

export function endsInHalfPair(text: string): boolean {
  return isHigh(text.charCodeAt(text.length - 1));
}

/** The same span, widened where it would cut a surrogate pair. */
export function wholePairs<S extends Span>(text: string, span: S): S {
  const start = cutsPair(text, span.start) ? span.start - 1 : span.start;
  const end = cutsPair(text, span.end) ? span.end + 1 : span.end;
  return start === span.start && end === span.end ? span : { ...span, start, end };
}

export function overlap(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/**
 * Replacements that overlap become one over everything they cover: dropping the shorter one would let out the part only
 * it covers. The longest gives the text; among equals the one earlier in the list. Sorted by start.
 */
export function joinOverlaps(replacements: readonly Replacement[]): Replacement[] {
  const ranked = replacements.map((replacement, order) => ({ ...replacement, order }));
  ranked.sort((a, b) => a.start - b.start || a.order - b.order);

  const joined: { start: number; end: number; winner: Ranked }[] = [];
  for (const next of ranked) {
    const last = joined.at(-1);
    if (!last || next.start >= last.end) joined.push({ start: next.start, end: next.end, winner: next });
    else {
      last.end = Math.max(last.end, next.end);
      last.winner = stronger(last.winner, next);
    }
  }
  return joined.map(({ start, end, winner }) => ({ start, end, replacement: winner.replacement }));
}

/** The text with its replacements, which must be sorted and must not overlap. */
export function applyReplacements(text: string, replacements: readonly Replacement[]): string {
  let out = '';
  let done = 0;
  for (const { start, end, replacement } of replacements) {
    out += text.slice(done, start) + replacement;
    done = end;
  }
  return out + text.slice(done);
}

type Ranked = Replacement & { readonly order: number };

function stronger(a: Ranked, b: Ranked): Ranked {
  const longer = b.end - b.start - (a.end - a.start);
  return longer > 0 || (longer === 0 && b.order < a.order) ? b : a;
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
