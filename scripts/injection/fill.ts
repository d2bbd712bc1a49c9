/** Named lists of phrases; `{name}` in a phrase stands for any of the list. `text` is where it begins. */
export type Grammar = Readonly<Record<string, readonly string[]>> & { readonly text: readonly string[] };

/** So many different texts of a grammar, always the same ones. */
export function fill(grammar: Grammar, count: number, seed: number): string[] {
  const texts = new Set<string>();
  const random = seeded(seed);
  for (let tries = 0; texts.size < count && tries < count * 20; tries += 1) {
    texts.add(expand('{text}', grammar, random));
  }
  return [...texts];
}

function expand(phrase: string, grammar: Grammar, random: () => number): string {
  return phrase.replace(/\{([a-z]+)\}/g, (written, name: string) => {
    const options = grammar[name];
    if (!options) return written;
    return expand(options[Math.floor(random() * options.length)] ?? '', grammar, random);
  });
}

/** Numbers from 0 to 1 (mulberry32), the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
