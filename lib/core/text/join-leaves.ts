import type { InputText } from '#core/policy/policy.ts';

/** Longer joins are cut: the parts have been looked at on their own. */
const MAX_JOINED = 200_000;

/** Neighbouring leaves as one text: an attack may be split over messages or message parts. */
export interface JoinedText {
  readonly text: string;
  readonly leaves: readonly number[];
}

/** Joins the normal views of all `wanted` leaves, once glued and once with a space, when there are at least two. */
export function joinLeaves(input: InputText, wanted: readonly number[]): JoinedText[] {
  if (wanted.length < 2) return [];
  return ['', ' '].map((glue) => ({
    text: wanted
      .map((leaf) => input.views(leaf).normal.text)
      .join(glue)
      .slice(0, MAX_JOINED),
    leaves: wanted,
  }));
}
