/** Beginnings are compared, so that `deploy` and `deployment` are the same topic. */
const STEM = 4;
const MAX_WORDS = 20_000;

/** Lower-case words; with `content` only those long enough to carry a topic. */
export function wordsOf(text: string, content = false): string[] {
  const words: string[] = [];
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) {
    if (!content || word.length > STEM || /[^\u0000-\u024f]/.test(word)) words.push(word);
    if (words.length >= MAX_WORDS) break;
  }
  return words;
}

/** Do two texts share any content word? Texts in another script are given the benefit of the doubt. */
export function wordsOverlap(a: readonly string[], b: readonly string[]): boolean {
  if (a.some(isForeign) || b.some(isForeign)) return true;
  const stems = new Set(a.map(stem));
  return b.some((word) => stems.has(stem(word)));
}

const stem = (word: string) => word.slice(0, STEM);
const isForeign = (word: string) => /[^\u0000-\u024f]/.test(word);
