import { CHECKED, type EntityFinder, isDigit, isWordCode, type PersonalData } from './entity.ts';

/** Total length by country, from the SWIFT IBAN registry. */
const LENGTHS: Readonly<Record<string, number>> = Object.fromEntries(
  `AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18
   FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20
   LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18
   SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30`
    .split(/\s+/)
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** 33 characters and a separator after each four. */
const MAX_SHOWN = 42;
const GAPS = ' -\u00a0';

/** International bank account numbers: known country, its length, ISO 7064 mod 97. Blocks may be separated. */
export const ibans: EntityFinder = {
  entity: 'iban',
  find(text, at) {
    const found: PersonalData[] = [];
    for (const { index } of text.matchAll(/[A-Za-z]{2}\d\d/g)) {
      const iban = index < at ? undefined : startingAt(text, index);
      if (iban) found.push(iban);
    }
    return found;
  },
  open(text, at) {
    for (let start = Math.max(at, text.length - MAX_SHOWN); start < text.length; start += 1) {
      if (mayGrow(text, start)) return start;
    }
    return text.length;
  },
};

function startingAt(text: string, start: number): PersonalData | undefined {
  if (start > 0 && isWordCode(text.charCodeAt(start - 1))) return undefined;
  const wanted = LENGTHS[text.slice(start, start + 2).toUpperCase()];
  if (!wanted) return undefined;
  const { letters, end } = collect(text, start, wanted);
  if (letters.length !== wanted || isWordCode(text.charCodeAt(end))) return undefined;
  const canonical = letters.toUpperCase();
  return mod97(canonical) ? { entity: 'iban', start, end, canonical, rank: CHECKED } : undefined;
}

/** Up to `wanted` letters and digits, over single separators. */
function collect(text: string, start: number, wanted: number): { letters: string; end: number } {
  let letters = '';
  let end = start;
  for (let i = start; i < text.length && letters.length < wanted; i += 1) {
    const sign = text[i] ?? '';
    if (isAscii(text.charCodeAt(i))) {
      letters += sign;
      end = i + 1;
    } else if (!GAPS.includes(sign) || i !== end) break;
  }
  return { letters, end };
}

/** The text ends inside what could be an account number that starts here. */
function mayGrow(text: string, start: number): boolean {
  if (start > 0 && isWordCode(text.charCodeAt(start - 1))) return false;
  const head = text.slice(start, start + 4);
  if (!/^[A-Za-z]{1,2}$/.test(head) && !/^[A-Za-z]{2}\d{1,2}$/.test(head)) return false;
  if (head.length === 1) return true;
  const wanted = LENGTHS[head.slice(0, 2).toUpperCase()];
  if (!wanted) return false;
  const { letters, end } = collect(text, start, wanted);
  const rest = text.length - end;
  return letters.length === wanted
    ? rest === 0
    : rest === 0 || (rest === 1 && GAPS.includes(text[end] ?? ''));
}

function isAscii(code: number): boolean {
  return isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a);
}

function mod97(iban: string): boolean {
  let rest = 0;
  for (const sign of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(sign, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
