import type { Inspector, Match } from '#core/policy/policy.ts';

/** Texts that hold something an output inspector of a policy must find. Used by the guard's property tests too. */
export interface OutputVectors {
  readonly kind: string;
  readonly settings: Record<string, unknown>;
  readonly positives: readonly string[];
}

/** What an inspector finds when the text comes in pieces, shown as the guard shows it: with no more left context than asked for. */
export function findInPieces(inspector: Inspector, pieces: readonly string[]): Match[] {
  const found: Match[] = [];
  let text = '';
  let cursor = 0;
  const look = (final: boolean) => {
    const base = Math.max(0, cursor - inspector.leftContext);
    const near = text.slice(base);
    const from = cursor - base;
    if (from >= near.length) return;
    const hold = final ? near.length : inspector.hold(near, from);
    if (hold < from || hold > near.length)
      throw new Error(`hold ${hold} lies outside ${from}..${near.length}`);
    const settled = inspector.find(near, from, final).filter((match) => match.start < hold);
    cursor = base + Math.max(hold, settled.at(-1)?.end ?? 0);
    found.push(...settled.map((match) => ({ ...match, start: match.start + base, end: match.end + base })));
  };
  for (const piece of pieces) {
    text += piece;
    look(false);
  }
  look(true);
  return found;
}

/** Code units held back after each of the pieces. */
export function heldAfterEach(inspector: Inspector, pieces: readonly string[]): number[] {
  let text = '';
  let cursor = 0;
  return pieces.map((piece) => {
    text += piece;
    cursor = Math.max(cursor, inspector.hold(text, cursor));
    return text.length - cursor;
  });
}
