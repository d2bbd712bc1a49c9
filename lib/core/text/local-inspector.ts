import type { Inspector, Match } from '#core/policy/policy.ts';

/** A match that may say how sure it is: of two that overlap the one with the higher rank (default 0) stays. */
export interface RankedMatch extends Match {
  readonly rank?: number;
}

/** What a detector must know of its formats to work on a growing text. */
export interface LocalFinder {
  /** Code units before a match that decide about it. ≤ 256. */
  readonly leftContext: number;
  /**
   * Everything in `text` that is a match as the text stands, also when more text could change it; may overlap. `at` is
   * where matches may begin: what stands before is context.
   */
  candidates(text: string, at: number): readonly RankedMatch[];
  /** The first position ≥ `at` that begins something more text could turn into a (longer) match; `text.length` if none. */
  open(text: string, at: number): number;
}

/**
 * Makes an inspector that keeps the contract: a match is reported once a code unit after it is known and nothing open
 * or overlapping can change it any more.
 */
export function createInspector(finder: LocalFinder): Inspector {
  const { leftContext } = finder;
  return {
    need: 'window',
    leftContext,
    find(text, from, final) {
      const near = tail(text, from, leftContext);
      const candidates = finder.candidates(near.text, near.at);
      const end = final ? near.text.length : settledEnd(finder, near, candidates);
      return withoutOverlaps(candidates)
        .filter((match) => match.end <= end)
        .map((match) => shift(match, near.base));
    },
    hold(text, from) {
      const near = tail(text, from, leftContext);
      return near.base + settledEnd(finder, near, finder.candidates(near.text, near.at));
    },
  };
}

interface Near {
  readonly text: string;
  readonly at: number;
  readonly base: number;
}

function tail(text: string, from: number, leftContext: number): Near {
  const base = Math.max(0, from - leftContext);
  return { text: base === 0 ? text : text.slice(base), at: from - base, base };
}

/** Where certainty ends: before whatever is open, and never inside a candidate or a pile of overlapping ones. */
function settledEnd(finder: LocalFinder, { text, at }: Near, candidates: readonly Match[]): number {
  let end = finder.open(text, at);
  const byEnd = [...candidates].sort((a, b) => b.end - a.end);
  for (const { start, end: matchEnd } of byEnd) {
    const unsettled = matchEnd === text.length || matchEnd > end;
    if (unsettled && start < end) end = start;
  }
  return Math.max(at, end);
}

/** The higher rank wins, then the longer, then the earlier; matches that survive do not overlap and come in order. */
export function withoutOverlaps<
  M extends { readonly start: number; readonly end: number; readonly rank?: number },
>(matches: readonly M[]): M[] {
  if (matches.length < 2) return [...matches];
  const sorted = [...matches].sort(
    (a, b) => (b.rank ?? 0) - (a.rank ?? 0) || b.end - b.start - (a.end - a.start) || a.start - b.start,
  );
  const piles = new Map<number, M[]>();
  const kept = sorted.filter((match) => {
    const first = match.start >> PILE;
    const last = match.end >> PILE;
    for (let pile = first - 1; pile <= last; pile += 1) {
      if (piles.get(pile)?.some((other) => match.start < other.end && other.start < match.end)) return false;
    }
    for (let pile = first; pile <= last; pile += 1) piles.set(pile, [...(piles.get(pile) ?? []), match]);
    return true;
  });
  return kept.sort((a, b) => a.start - b.start);
}

/** Matches are compared only with those in the same 256 code units, so that many of them stay cheap. */
const PILE = 8;

function shift(match: Match, by: number): Match {
  return by === 0 ? match : { ...match, start: match.start + by, end: match.end + by };
}
