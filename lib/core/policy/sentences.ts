import { endsInHalfPair } from './edits.ts';

/** The longest sentence in code units; what is longer is cut at its last space. */
export const MAX_SENTENCE = 400;

const SPACE_FROM = MAX_SENTENCE / 2;
const END = /[.!?…]["'”’»)\]]{0,4}\s|[。！？]|\n/g;
const SPACE = /\s/;

/**
 * Where the sentence that begins at `from` ends, or -1 while more text could be needed to tell. Depends on the text after
 * `from` only, and never changes its mind when the text grows: so the sentences of a stream do not depend on its cuts.
 */
export function sentenceEnd(text: string, from: number): number {
  END.lastIndex = from;
  const found = END.exec(text.slice(0, from + MAX_SENTENCE));
  if (found) return found.index + found[0].length;
  return text.length >= from + MAX_SENTENCE ? forcedEnd(text, from) : -1;
}

function forcedEnd(text: string, from: number): number {
  const limit = from + MAX_SENTENCE;
  for (let at = limit; at > from + SPACE_FROM; at -= 1) if (SPACE.test(text.charAt(at - 1))) return at;
  return endsInHalfPair(text.slice(from, limit)) ? limit - 1 : limit;
}
