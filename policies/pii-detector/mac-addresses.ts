import { charSet, nextRun } from '#core/text/runs.ts';
import { CHECKED, type EntityFinder, type PersonalData } from './entity.ts';

/** Six pairs with colons or hyphens, or three quadruples with dots (IEEE 802, Cisco). */
const MAC =
  /(?<![\w:.-])(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})(?![\w]|[:.-][0-9a-f])/iy;
const OPEN =
  /(?<![\w:.-])(?:(?:[0-9a-f]{2}[:-]){0,5}[0-9a-f]{0,2}[:-]?|(?:[0-9a-f]{4}\.){0,2}[0-9a-f]{0,4}\.?)$/i;
const MAX_SHOWN = 18;
const SIGNS = charSet('0123456789abcdefABCDEF:.-');
/** `0123.4567.89ab`. */
const LEAST_SIGNS = 14;

/** Addresses of network adapters, without broadcast and all zeros. */
export const macAddresses: EntityFinder = {
  entity: 'mac',
  find(text, at) {
    const found: PersonalData[] = [];
    for (let start = nextRun(text, 0, LEAST_SIGNS, SIGNS); start < text.length; ) {
      const address = startingAt(text, start);
      if (address && start >= at) found.push(address);
      let end = address?.end ?? start;
      while (SIGNS[text.charCodeAt(end)]) end += 1;
      start = nextRun(text, end, LEAST_SIGNS, SIGNS);
    }
    return found;
  },
  open(text, at) {
    // One more sign on the left than a match can have, so that a cut never looks like the start of a word.
    const base = Math.max(0, at - 1, text.length - MAX_SHOWN - 2);
    const found = OPEN.exec(text.slice(base));
    return found ? Math.max(at, base + found.index) : text.length;
  },
};

/** An address begins where its signs begin: none of them may stand before it. */
function startingAt(text: string, start: number): PersonalData | undefined {
  MAC.lastIndex = start;
  const shown = MAC.exec(text)?.[0];
  if (shown === undefined) return undefined;
  const canonical = shown.toLowerCase().replace(/[:.-]/g, '');
  if (/^(.)\1*$/.test(canonical)) return undefined;
  return { entity: 'mac', start, end: start + shown.length, canonical, rank: CHECKED };
}
