import {
  isDay,
  isDayFirst,
  isUniform,
  lastDigit,
  luhn,
  mod,
  numberAt,
  valueAt,
  weigh,
} from './check-digits.ts';
import type { Schemes } from './scheme.ts';

const FODSEL_1 = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
const FODSEL_2 = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];

/** Numbers of the British Isles, the Nordic countries, Italy, Portugal and Greece. */
export const europeNorthSouth = {
  uk_nhs: {
    label: 'HEALTHID',
    region: 'GB',
    size: [10],
    shape: /^\d{10}$/,
    valid: (id) => !isUniform(id) && weigh(id, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
    words: '\\bnhs\\b|national health|chi number|health (?:and|&) care number',
  },
  uk_nino: {
    label: 'NATIONALID',
    region: 'GB',
    size: [8, 9],
    shape: /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]?$/,
    bare: /^[A-Z]{2}\d{6}[A-D]$|^[A-Z]{2} ?\d\d \d\d \d\d ?[A-D]$/,
    words: 'national insurance|\\bnino\\b|\\bni (?:number|no)',
  },
  uk_utr: {
    label: 'TAXID',
    region: 'GB',
    size: [10],
    shape: /^\d{10}$/,
    valid: (id) => '21987654321'[weigh(id.slice(1), [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11] === id[0],
    words: '\\butr\\b|unique tax',
  },
  uk_driving_licence: {
    label: 'LICENCE',
    region: 'GB',
    size: [16],
    shape:
      /^(?=[A-Z])[A-Z]{1,5}9{0,4}\d(?:[05][1-9]|[16][0-2])(?:0[1-9]|[12]\d|3[01])\d[A-Z][A-Z9][0-9A-Z][A-Z]{2}$/,
    bare: /^[A-Za-z0-9]{16}$/,
    words: 'driving licen[cs]e|driver number|dvla',
  },
  ie_pps: {
    label: 'NATIONALID',
    region: 'IE',
    size: [8, 9],
    shape: /^\d{7}[A-W][A-ITWX]?$/,
    valid: (id) => {
      const letters = 'WABCDEFGHIJKLMNOPQRSTUV';
      const extra = /[A-I]$/.test(id.slice(8)) ? letters.indexOf(id[8] ?? '') * 9 : 0;
      return letters[(weigh(id, [8, 7, 6, 5, 4, 3, 2]) + extra) % 23] === id[7];
    },
    words: '\\bpps|personal public service|social welfare number',
  },
  se_personnummer: {
    label: 'NATIONALID',
    region: 'SE',
    size: [10, 12],
    shape: /^(?:19|20)?\d{10}$/,
    valid: (id) => {
      const own = id.slice(-10);
      return luhn(own) && isDay(numberAt(own, 2, 2), numberAt(own, 4, 2) % 60);
    },
    // Not of late years: `20241123-1230` is a time.
    bare: /^(?:(?:19\d\d|200\d|201[0-4])\d{4}|\d{6})-\d{4}$/,
    words: 'personnummer|person-?nr|\\bpnr\\b|samordningsnummer',
  },
  se_orgnr: {
    label: 'TAXID',
    region: 'SE',
    size: [10],
    shape: /^\d\d[2-9]\d{7}$/,
    valid: luhn,
    words: 'organisationsnummer|org\\.?-?nr|orgnummer',
  },
  no_fodselsnummer: {
    label: 'NATIONALID',
    region: 'NO',
    size: [11],
    shape: /^\d{11}$/,
    valid: (id) =>
      isDay(numberAt(id, 2, 2) % 40, numberAt(id, 0, 2) % 40) &&
      weigh(id, FODSEL_1) % 11 === 0 &&
      weigh(id, FODSEL_2) % 11 === 0,
    bare: /^\d{6} ?\d{5}$/,
    words: 'f[oø]dselsnummer|personnummer|d-nummer|fnr\\b',
  },
  no_account: {
    label: 'ACCOUNT',
    region: 'NO',
    size: [11],
    shape: /^\d{11}$/,
    valid: (id) => weigh(id, FODSEL_2) % 11 === 0,
    words: 'kontonummer|konto-?nr|kontonr',
  },
  dk_cpr: {
    label: 'NATIONALID',
    region: 'DK',
    size: [10],
    // With 5 to 8 as its seventh digit, years up to 57 are of this century: 37 to 57 are not born yet.
    shape: /^\d{4}(?:\d{2}[0-49]|(?:[0-2]\d|3[0-6]|5[89]|[6-9]\d)[5-8])\d{3}$/,
    valid: (id) => isDayFirst(id),
    words: '\\bcpr|personnummer|cpr-?nummer',
  },
  fi_hetu: {
    label: 'NATIONALID',
    region: 'FI',
    size: [10, 11],
    shape: /^\d{6}[A-FU-Y]?\d{3}[0-9A-FHJ-NPR-Y]$/,
    valid: (id) =>
      isDayFirst(id) &&
      '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(id.replace(/[A-Z]?(\d{3}).$/, '$1')) % 31] === id.at(-1),
    bare: /^\d{6}[-A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]$/,
    words: 'henkil[oö]tunnus|hetu|personbeteckning|finnish id',
  },
  is_kennitala: {
    label: 'NATIONALID',
    region: 'IS',
    size: [10],
    shape: /^\d{9}[089]$/,
    valid: (id) => isDayFirst(id) && weigh(id, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
    bare: /^\d{6}-\d{4}$/,
    words: 'kennitala|\\bkt\\b',
  },
  it_codice_fiscale: {
    label: 'NATIONALID',
    region: 'IT',
    size: [16],
    shape: /^[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$/,
    valid: (id) => codiceFiscaleCheck(id) === id[15],
    bare: /^\w{16}$/,
    words: 'codice fiscale|c\\.?f\\.?\\b',
  },
  it_partita_iva: {
    label: 'TAXID',
    region: 'IT',
    size: [11, 13],
    shape: /^(?:IT)?(?!0{7})\d{11}$/,
    valid: (id) => luhn(id.slice(-11)),
    bare: /^IT ?\d{11}$/,
    words: 'partita iva|p\\.? ?iva|\\bvat\\b|\\biva\\b',
  },
  it_identity_card: {
    label: 'PASSPORT',
    region: 'IT',
    size: [9],
    shape: /^(?:[A-Z]{2}\d{7}|[A-Z]{2}\d{5}[A-Z]{2}|\d{7}[A-Z]{2})$/,
    words: 'carta d.identit|\\bcie\\b',
  },
  pt_nif: {
    label: 'TAXID',
    region: 'PT',
    size: [9, 11],
    shape: /^(?:PT)?[1-9]\d{8}$/,
    valid: (id) => mod(11 - (weigh(id.slice(-9), [9, 8, 7, 6, 5, 4, 3, 2]) % 11), 11) % 10 === lastDigit(id),
    words: '\\bnif\\b|contribuinte|identifica[cç][aã]o fiscal',
  },
  pt_cc: {
    label: 'NATIONALID',
    region: 'PT',
    size: [12],
    shape: /^\d{9}[0-9A-Z]{2}\d$/,
    valid: (id) =>
      [...id].reduce((sum, _, i) => {
        const doubled = valueAt(id, i) * (i % 2 === 0 ? 2 : 1);
        return sum + (doubled > 9 ? doubled - 9 : doubled);
      }, 0) %
        10 ===
      0,
    bare: /^\d{8} \d [A-Z][0-9A-Z]\d$/,
    words: 'cart[aã]o de cidad[aã]o|\\bcc\\b|identidade',
  },
  gr_afm: {
    label: 'TAXID',
    region: 'GR',
    size: [9, 11],
    shape: /^(?:EL|GR)?\d{9}$/,
    valid: (id) => (weigh(id.slice(-9), [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10 === lastDigit(id),
    words: '\\bafm\\b|α\\.?φ\\.?μ|φορολογικ',
  },
  gr_amka: {
    label: 'NATIONALID',
    region: 'GR',
    size: [11],
    shape: /^\d{11}$/,
    valid: (id) => luhn(id) && isDayFirst(id),
    words: 'amka|α\\.?μ\\.?κ\\.?α',
  },
} as const satisfies Schemes;

/** Values of characters in odd places (D.M. 23/12/1976), for 0–9 as for A–J, then K–Z. */
const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

function codiceFiscaleCheck(id: string): string {
  let sum = 0;
  for (let i = 0; i < 15; i += 1) {
    const code = id.charCodeAt(i);
    const place = code < 65 ? code - 48 : code - 65;
    sum += i % 2 === 0 ? (ODD[place] ?? 0) : place;
  }
  return String.fromCharCode(65 + (sum % 26));
}
