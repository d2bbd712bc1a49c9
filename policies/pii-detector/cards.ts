import { openDigits, touchesWord } from './digit-groups.ts';
import { CHECKED, type EntityFinder, type Group, type PersonalData } from './entity.ts';

const MIN_DIGITS = 12;
const MAX_DIGITS = 19;

/** First digits and lengths of the card schemes, from ISO/IEC 7812 ranges as published by the schemes. */
const BRANDS: readonly { prefix: RegExp; lengths: readonly number[] }[] = [
  { prefix: /^4/, lengths: [13, 16, 19] },
  { prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { prefix: /^3[47]/, lengths: [15] },
  { prefix: /^(?:6011|64[4-9]|65)/, lengths: [16, 17, 18, 19] },
  { prefix: /^(?:30[0-5]|3095|36|38|39)/, lengths: [14, 15, 16, 17, 18, 19] },
  { prefix: /^35/, lengths: [16, 17, 18, 19] },
  { prefix: /^(?:2131|1800)/, lengths: [15] },
  { prefix: /^62/, lengths: [16, 17, 18, 19] },
  { prefix: /^(?:50|5[6-9]|6[0-9])/, lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  { prefix: /^220[0-4]/, lengths: [16, 17, 18, 19] },
];

/** Payment cards: digits in one block or in blocks of four to six, a known scheme, and the Luhn check digit. */
export const cards: EntityFinder = {
  entity: 'card',
  find: (text, at, _options, digits) => digits.flatMap((run) => inRun(text, run, at)),
  open: (text, at) => openDigits(text, at, MAX_DIGITS),
};

function inRun(text: string, run: readonly Group[], at: number): PersonalData[] {
  const found: PersonalData[] = [];
  for (let first = 0; first < run.length; first += 1) {
    if ((run[first]?.start ?? 0) < at) continue;
    const card = startingAt(text, run, first);
    if (card) found.push(card);
  }
  return found;
}

/** The longest card that begins with this group. */
function startingAt(text: string, run: readonly Group[], first: number): PersonalData | undefined {
  const begin = run[first];
  if (!begin || !mayBegin(begin) || isInAccount(text, begin.start)) return undefined;
  let digits = '';
  let best: PersonalData | undefined;
  for (let i = first; i < run.length; i += 1) {
    const group = run[i];
    if (!group || (i > first && !isCardGap(group.gap, run[first + 1]?.gap))) break;
    digits += text.slice(group.start, group.end);
    if (digits.length > MAX_DIGITS) break;
    const shaped = i === first || hasCardShape(run, first, i);
    if (
      digits.length >= MIN_DIGITS &&
      shaped &&
      isCard(digits) &&
      !isOfGoods(text, begin.start, digits) &&
      !touchesWord(text, begin.start, group.end)
    ) {
      best = { entity: 'card', start: begin.start, end: group.end, canonical: digits, rank: CHECKED };
    }
  }
  return best;
}

/** `DE89 3704 …`: the blocks of an account number; or digits behind a decimal point. */
const isInAccount = (text: string, start: number) =>
  /[A-Za-z]{2}\d\d $|\d\.$/.test(text.slice(Math.max(0, start - 5), start));

const GOODS =
  /\b(?:sku|ean|gtin|isbn|upc|barcode|parcel|package|tracking|shipment|order|invoice|article|item|ticket|sendung|paket|bestellung|artikel|rechnung|commande|colis|facture|pedido|envio|factura|paquete)\b[^\d\n]{0,16}$/i;

/** One in ten article numbers has the digit of a card, and few cards are so short. */
function isOfGoods(text: string, start: number, digits: string): boolean {
  return digits.length <= 13 && GOODS.test(text.slice(Math.max(0, start - 40), start));
}

const mayBegin = ({ start, end }: Group) => end - start === 4 || end - start >= MIN_DIGITS;

/** One kind of separator all the way. */
const isCardGap = (gap: string, firstGap: string | undefined) =>
  gap.length === 1 && gap === firstGap && ' -\u00a0\u2011.'.includes(gap);

/** 4-4-4-4, 4-6-5, 4-6-4 and the like: a first block of four, no block longer than seven. */
function hasCardShape(run: readonly Group[], first: number, last: number): boolean {
  const sizes = run.slice(first, last + 1).map((group) => group.end - group.start);
  return sizes[0] === 4 && sizes.every((size) => size <= 7) && sizes.slice(1, -1).every((size) => size >= 4);
}

function isCard(digits: string): boolean {
  const known = BRANDS.some(({ prefix, lengths }) => lengths.includes(digits.length) && prefix.test(digits));
  return known && luhn(digits) && !/^(\d)\1+$/.test(digits);
}

/** ISO/IEC 7812-1 annex B. */
function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 0x30;
    const doubled = i % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
