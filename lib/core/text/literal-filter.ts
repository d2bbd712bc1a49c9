/**
 * Tells which of a few literals a text may hold, in one pass whatever their number: a look at two neighbouring code units
 * at a time, and at the whole literal where these two belong to one.
 */
export class LiteralFilter {
  readonly #places = new Uint8Array(1 << BITS);
  readonly #literals: readonly Anchored[][] = Array.from({ length: MAX_PLACES }, () => []);

  /** `literals` have two code units or more. */
  constructor(literals: readonly string[]) {
    for (const [index, literal] of literals.entries()) this.#add(literal, index);
  }

  /** Indices of the literals that occur. */
  in(text: string): Set<number> {
    const found = new Set<number>();
    const { length } = text;
    let before = 0;
    for (let i = 0; i < length; i += 1) {
      const code = text.charCodeAt(i);
      const place = this.#places[placeOf(before, code)] ?? 0;
      before = code;
      if (place !== 0) this.#look(text, i - 1, place, found);
    }
    return found;
  }

  #look(text: string, at: number, place: number, found: Set<number>): void {
    for (const { literal, offset, index } of this.#literals[place] ?? [])
      if (!found.has(index) && text.startsWith(literal, at - offset)) found.add(index);
  }

  #add(literal: string, index: number): void {
    const offset = rarestPair(literal);
    const key = placeOf(literal.charCodeAt(offset), literal.charCodeAt(offset + 1));
    const place = this.#places[key] || this.#literals.findIndex((list, i) => i > 0 && list.length === 0);
    if (place < 0) throw new Error(`too many literals for one filter: ${literal}`);
    this.#places[key] = place;
    this.#literals[place]?.push({ literal, offset, index });
  }
}

interface Anchored {
  readonly literal: string;
  /** Where in the literal the two code units stand by which it is found. */
  readonly offset: number;
  readonly index: number;
}

const BITS = 12;
const MAX_PLACES = 256;

function placeOf(first: number, second: number): number {
  return ((first << 5) ^ (first >> 7) ^ second) & ((1 << BITS) - 1);
}

/** Letters of European languages, the most frequent first; what is not among them is rarer. */
const FREQUENT = ' etaoinsrhldcumfgpwybvkxjqz';

/** The two neighbours least likely to occur in an ordinary text. */
function rarestPair(literal: string): number {
  const rank = (at: number) => {
    const place = FREQUENT.indexOf(literal[at] ?? '');
    return place < 0 ? FREQUENT.length * 2 : place;
  };
  let best = 0;
  for (let at = 1; at + 1 < literal.length; at += 1)
    if (rank(at) + rank(at + 1) > rank(best) + rank(best + 1)) best = at;
  return best;
}
