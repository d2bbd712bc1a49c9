import type { Span } from '#core/policy/policy.ts';

const MAX_SENTENCE = 400;

/** The sentence a hit stands in, as far as 200 code units on both sides show it. */
export function sentenceAround(text: string, { start, end }: Span): string {
  const before = text.slice(Math.max(0, start - MAX_SENTENCE / 2), start);
  const after = text.slice(end, end + MAX_SENTENCE / 2);
  const stop = after.search(/[.!?\n。！？]/);
  return (
    before.slice(lastEnd(before) + 1) +
    text.slice(start, Math.min(end, start + MAX_SENTENCE)) +
    after.slice(0, stop < 0 ? undefined : stop + 1)
  );
}

function lastEnd(text: string): number {
  return Math.max(...['.', '!', '?', '\n', '。', '！', '？'].map((sign) => text.lastIndexOf(sign)));
}
