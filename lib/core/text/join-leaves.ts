import type { InputText } from '#core/policy/policy.ts';

/** Code units of a leaf that are joined at each end: what stands between has been looked at on its own. */
const END = 600;
const PARAGRAPH = '\n\n';

/** Neighbouring leaves as one text: an attack may be split over messages or message parts. */
export interface JoinedText {
  readonly text: string;
  readonly leaves: readonly number[];
}

/** Joins the normal views of all `wanted` leaves, long ones without their middle, once glued and once with a space, when there are at least two. */
export function joinLeaves(input: InputText, wanted: readonly number[]): JoinedText[] {
  if (wanted.length < 2) return [];
  const parts = wanted.map((leaf) => withoutMiddle(input.views(leaf).normal.text));
  return ['', ' '].map((glue) => ({ text: parts.join(glue), leaves: wanted }));
}

function withoutMiddle(text: string): string {
  return text.length <= 2 * END ? text : text.slice(0, END) + PARAGRAPH + text.slice(-END);
}
