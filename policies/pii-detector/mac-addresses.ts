import { CHECKED, type EntityFinder } from './entity.ts';

/** Six pairs with colons or hyphens, or three quadruples with dots (IEEE 802, Cisco). */
const MAC =
  /(?<![\w:.-])(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})(?![\w]|[:.-][0-9a-f])/gi;
const OPEN =
  /(?<![\w:.-])(?:(?:[0-9a-f]{2}[:-]){0,5}[0-9a-f]{0,2}[:-]?|(?:[0-9a-f]{4}\.){0,2}[0-9a-f]{0,4}\.?)$/i;
const MAX_SHOWN = 18;

/** Addresses of network adapters, without broadcast and all zeros. */
export const macAddresses: EntityFinder = {
  entity: 'mac',
  find: (text, at) =>
    Array.from(text.matchAll(MAC)).flatMap(({ 0: shown, index: start }) => {
      const canonical = shown.toLowerCase().replace(/[:.-]/g, '');
      if (start < at || /^(.)\1*$/.test(canonical)) return [];
      return [{ entity: 'mac', start, end: start + shown.length, canonical, rank: CHECKED }];
    }),
  open(text, at) {
    // One more sign on the left than a match can have, so that a cut never looks like the start of a word.
    const base = Math.max(0, at - 1, text.length - MAX_SHOWN - 2);
    const found = OPEN.exec(text.slice(base));
    return found ? Math.max(at, base + found.index) : text.length;
  },
};
