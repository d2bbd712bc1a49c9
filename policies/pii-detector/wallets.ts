import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { CHECKED, type EntityFinder, isWordCode } from './entity.ts';

const WALLET = /(?:bc1|BC1)[0-9A-Za-z]{11,71}|[13][1-9A-HJ-NP-Za-km-z]{25,34}|0x[0-9a-fA-F]{40}/g;
const OPEN = /^(?:b|bc|bc1[0-9a-z]{0,71}|[13][1-9A-HJ-NP-Za-km-z]{0,34}|0|0x[0-9a-f]{0,40})$/i;
const MAX_SHOWN = 74;

/** Addresses of Bitcoin (base58check and bech32) and Ethereum (EIP-55 where the letters' case says something). */
export const wallets: EntityFinder = {
  entity: 'wallet',
  find: (text, at) =>
    Array.from(text.matchAll(WALLET)).flatMap(({ 0: shown, index: start }) => {
      const end = start + shown.length;
      const glued = isSign(text, start - 1) || isSign(text, end);
      if (start < at || glued || !isWallet(shown)) return [];
      return [
        {
          entity: 'wallet',
          start,
          end,
          canonical: shown.startsWith('0x') ? shown.toLowerCase() : shown,
          rank: CHECKED,
        },
      ];
    }),
  open(text, at) {
    let start = text.length;
    const floor = Math.max(at, text.length - MAX_SHOWN - 1);
    while (start > floor && isSign(text, start - 1)) start -= 1;
    const inside = isSign(text, start - 1);
    return !inside && start < text.length && OPEN.test(text.slice(start)) ? start : text.length;
  },
};

const isSign = (text: string, at: number) =>
  at >= 0 && at < text.length && (isWordCode(text.charCodeAt(at)) || text[at] === '_');

function isWallet(shown: string): boolean {
  if (shown.startsWith('0x')) return isEthereum(shown.slice(2));
  return /^bc1/i.test(shown) ? isBech32(shown) : isBase58Check(shown);
}

/** One case throughout, or the case that the hash of the address demands. */
function isEthereum(hex: string): boolean {
  if (/^[0-9]+$/.test(hex) || /^(.)\1*$/.test(hex)) return false;
  if (hex === hex.toLowerCase() || hex === hex.toUpperCase()) return true;
  const hash = bytesToHex(keccak_256(utf8ToBytes(hex.toLowerCase())));
  return [...hex].every((sign, i) => {
    const upper = Number.parseInt(hash[i] ?? '0', 16) >= 8;
    return sign === (upper ? sign.toUpperCase() : sign.toLowerCase());
  });
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

function isBase58Check(shown: string): boolean {
  const bytes = new Uint8Array(25);
  for (const sign of shown) {
    let carry = BASE58.indexOf(sign);
    for (let i = 24; i >= 0; i -= 1) {
      carry += 58 * (bytes[i] ?? 0);
      bytes[i] = carry & 0xff;
      carry >>= 8;
    }
    if (carry > 0) return false;
  }
  const version = bytes[0];
  const check = sha256(sha256(bytes.slice(0, 21)));
  return (version === 0 || version === 5) && [0, 1, 2, 3].every((i) => check[i] === bytes[21 + i]);
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** BIP 173 (checksum 1) and BIP 350 (0x2bc830a3) for the prefix `bc`. */
function isBech32(shown: string): boolean {
  const text = shown.toLowerCase();
  if (shown !== text && shown !== shown.toUpperCase()) return false;
  const values = [3, 3, 0, 2, 3, ...[...text.slice(3)].map((sign) => BECH32.indexOf(sign))];
  if (values.includes(-1)) return false;
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    GENERATORS.forEach((generator, i) => {
      if ((top >>> i) & 1) check ^= generator;
    });
  }
  return check === 1 || check === 0x2bc830a3;
}
