/** Tells most words that stand in no list from those that may, without making a string of them: a table of hashes. */
export class WordFilter {
  readonly #kinds = new Uint8Array(1 << BITS);

  /** `words` are known as a whole, `beginnings` by what they begin with. */
  constructor(words: Iterable<string>, beginnings: Iterable<string>) {
    for (const word of words) this.#mark(word, WHOLE);
    for (const beginning of beginnings) this.#mark(beginning, BEGINNING);
  }

  /** False: the word is in no list for certain. */
  mayHold(text: string, start: number, end: number): boolean {
    const kinds = this.#kinds;
    let hash = SEED;
    let kind = 0;
    let begun = 0;
    for (let i = start; i < end; i += 1) {
      hash = imul(hash ^ text.charCodeAt(i), PRIME);
      kind = kinds[hash >>> SHIFT] ?? 0;
      begun |= kind & BEGINNING;
    }
    return (begun | (kind & WHOLE)) !== 0;
  }

  #mark(word: string, kind: number): void {
    let hash = SEED;
    for (let i = 0; i < word.length; i += 1) hash = imul(hash ^ word.charCodeAt(i), PRIME);
    const place = hash >>> SHIFT;
    this.#kinds[place] = (this.#kinds[place] ?? 0) | kind;
  }
}

const { imul } = Math;
const SEED = 0x811c9dc5;
const PRIME = 0x01000193;
const BITS = 15;
const SHIFT = 32 - BITS;
const WHOLE = 1;
const BEGINNING = 2;
