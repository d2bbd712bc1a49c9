import { charSet } from './runs.ts';
import { WordFilter } from './word-filter.ts';

/** Which spelling tricks a text shows signs of. */
export interface SpellingSigns {
  /** A letter, up to three digits or signs that stand for letters, and a letter again (or one letter between two of them). */
  leet: boolean;
  /** Four letters in a row, a sign or space between each two. */
  spaced: boolean;
  rot13: boolean;
  backwards: boolean;
}

/** Words an attack or any longer text can hardly do without (English, German, French, Spanish), in rot13 and backwards. */
const ROT13 = new Set(
  `vtaber vafgehpgvba vafgehpgvbaf cerivbhf qvfertneq flfgrz cebzcg gur naq lbh lbhe jvgu guvf gung abg sbe ner haq avpug
   qvr qre yrf irhf ybf dhr`.split(/\s+/),
);
const BACKWARDS = new Set(
  `erongi snoitcurtsni noitcurtsni suoiverp dragersid metsys tpmorp eht dna uoy ruoy htiw siht taht lliw tsum dnu thcin eid
   sel suov sol euq`.split(/\s+/),
);
const filter = new WordFilter([...ROT13, ...BACKWARDS], []);
const LEET_SIGNS = charSet('013457@$!|');
const LEET_EDGES = charSet('013457@$');
const GAPS = charSet(' ._*-');

/** Reads a text in normal form, run of letters by run of letters. */
export function readSpelling(text: string): SpellingSigns {
  const signs: SpellingSigns = { leet: false, spaced: false, rot13: false, backwards: false };
  const { length } = text;
  let singles = 0;
  let before = 0;
  for (let at = 0; at < length; at += 1) {
    if (!isLetter(text.charCodeAt(at))) continue;
    const start = at;
    while (at < length && isLetter(text.charCodeAt(at))) at += 1;
    if (at - start > 1) {
      singles = 0;
      if (filter.mayHold(text, start, at)) noteWord(text.slice(start, at), signs);
    } else {
      const sign = text.charCodeAt(start - 1);
      if (start - before === 1 && GAPS[sign]) singles += 1;
      else singles = isDigit(sign) ? 0 : 1;
      if (singles >= 4) signs.spaced = true;
      if (LEET_EDGES[sign] && LEET_EDGES[text.charCodeAt(at)]) signs.leet = true;
    }
    if (!signs.leet && LEET_SIGNS[text.charCodeAt(at)]) signs.leet = isLeetFrom(text, at);
    before = at;
  }
  return signs;
}

function noteWord(word: string, signs: SpellingSigns): void {
  if (ROT13.has(word)) signs.rot13 = true;
  if (BACKWARDS.has(word)) signs.backwards = true;
}

/** Behind a letter: one to three signs and a letter. */
function isLeetFrom(text: string, start: number): boolean {
  let at = start;
  while (at < start + 3 && LEET_SIGNS[text.charCodeAt(at)]) at += 1;
  return isLetter(text.charCodeAt(at));
}

const isLetter = (code: number) => code >= 0x61 && code <= 0x7a;
const isDigit = (code: number) => code >= 0x30 && code <= 0x39;
