import { charSet, nextRun } from '#core/text/runs.ts';
import { CHECKED, type EntityFinder, isWordCode, type PersonalData } from './entity.ts';

/** `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`. */
const MAX_SHOWN = 45;

/** IP addresses; private, loopback, link-local, documentation and reserved ranges are nobody's, unless asked for. */
export const ipAddresses: EntityFinder = {
  entity: 'ip',
  find(text, at, { privateIps }) {
    const found: PersonalData[] = [];
    const least = leastSigns(privateIps);
    for (let start = nextRun(text, 0, least, SIGNS); start < text.length; ) {
      const end = runEnd(text, start);
      const address = inRun(text, start, end, privateIps);
      if (address && address.start >= at) found.push(address);
      start = nextRun(text, end, least, SIGNS);
    }
    return found;
  },
  open(text, at) {
    let start = text.length;
    const floor = Math.max(at, text.length - MAX_SHOWN - 2);
    while (start > floor && isAddressCode(text.charCodeAt(start - 1))) start -= 1;
    return text.length - start > MAX_SHOWN + 1 || !mayBeAddress(text, start) ? text.length : start;
  },
};

const SIGNS = charSet('0123456789abcdefABCDEF.:');

/** `::`, and for addresses of somebody `1.1.1.1`. */
const leastSigns = (all: boolean) => (all ? 2 : 7);
/** Two colons are an operator in many languages: a word must say that they are an address. */
const UNSPECIFIED = '::';
const ADDRESS_WORD = /(?:\bip|ipv6|address|unspecified)[ :="']{1,3}$/i;

/** Words of hexadecimal letters are words until a digit, a colon or a dot comes. */
function mayBeAddress(text: string, start: number): boolean {
  return start === 0 || !isWordCode(text.charCodeAt(start - 1));
}

function inRun(text: string, start: number, runStop: number, all: boolean): PersonalData | undefined {
  let end = runStop;
  while (end > start && ':.'.includes(text[end - 1] ?? '') && !text.startsWith('::', end - 2)) end -= 1;
  if (end - start > MAX_SHOWN || end - start < leastSigns(all) || isWordCode(text.charCodeAt(start - 1)))
    return undefined;
  if (isWordCode(text.charCodeAt(runStop)) || isVersion(text, start)) return undefined;
  const shown = text.slice(start, end).toLowerCase();
  if (shown === UNSPECIFIED && !ADDRESS_WORD.test(text.slice(Math.max(0, start - 16), start)))
    return undefined;
  const isAddress = all ? isV4(shown) || isV6(shown) : isPublicV4(shown) || isPublicV6(shown);
  return isAddress ? { entity: 'ip', start, end, canonical: shown, rank: CHECKED } : undefined;
}

/** `version 1.2.3.4`, `kernel-1.2.3.4`, `v1.2.3.4` (the letter ends up before the run). */
function isVersion(text: string, start: number): boolean {
  return /(?:version|ver\.?|release|build|section|chapter) {0,2}$|[a-z][-_]$/i.test(
    text.slice(Math.max(0, start - 12), start),
  );
}

function isV4(shown: string): boolean {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(shown)) return false;
  return shown
    .split('.')
    .every((octet) => Number(octet) <= 255 && !(octet.length > 1 && octet.startsWith('0')));
}

function isPublicV4(shown: string): boolean {
  if (!isV4(shown)) return false;
  const [a = 0, b = 0, c = 0] = shown.split('.').map(Number);
  if (a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if ((a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254)) return false;
  if ((a === 100 && b >= 64 && b < 128) || (a === 198 && (b === 18 || b === 19))) return false;
  const documentation = [`192.0.2`, `198.51.100`, `203.0.113`, `192.0.0`];
  return !documentation.includes(`${a}.${b}.${c}`);
}

/** Global unicast (2000::/3, or any address written in full) without documentation, local and multicast ranges. */
function isPublicV6(shown: string): boolean {
  if (/^(?:2001:0?db8:|f[cdef]|0{1,4}:)/.test(shown)) return false;
  if (!/^[23][0-9a-f]{3}:/.test(shown) && shown.length < 31) return false;
  return isV6(shown);
}

/** RFC 4291 §2.2; the last two groups may be written as an IPv4 address. */
function isV6(written: string): boolean {
  const last = written.slice(written.lastIndexOf(':') + 1);
  if (last.includes('.') && !isV4(last)) return false;
  const shown = last.includes('.') ? `${written.slice(0, -last.length)}0:0` : written;
  const halves = shown.split('::');
  if (halves.length > 2 || !shown.includes(':')) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const valid = groups.every((group) => /^[0-9a-f]{1,4}$/.test(group));
  return valid && (halves.length === 2 ? groups.length <= 7 : groups.length === 8);
}

const isAddressCode = (code: number) => SIGNS[code] === 1;

function runEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && isAddressCode(text.charCodeAt(end))) end += 1;
  return end;
}
