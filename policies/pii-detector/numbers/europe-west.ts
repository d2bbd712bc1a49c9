import {
  ean13,
  isDay,
  lastDigit,
  luhn,
  luhnSum,
  mod,
  mod11And10,
  modLong,
  numberAt,
  valueAt,
  weigh,
} from './check-digits.ts';
import { type Schemes, sizes } from './scheme.ts';

const VAT = 'vat|ust-?id|mwst|mehrwertsteuer|umsatzsteuer|\\btva\\b|\\biva\\b|\\bbtw\\b|\\buid\\b';
const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Numbers of Germany, Austria, Switzerland, France and the Benelux countries. */
export const europeWest = {
  de_tax_id: {
    label: 'TAXID',
    region: 'DE',
    size: [11],
    shape: /^[1-9]\d{10}$/,
    valid: (id) => mod11And10(id) && hasFewRepeats(id),
    words: 'steuer-?(?:id|identifikation)|\\bidnr|\\btin\\b',
  },
  de_tax_number: {
    label: 'TAXID',
    region: 'DE',
    size: [9, 10, 11, 13],
    shape: /^\d+$/,
    valid: (id) => id.length !== 13 || /^(?:0[1-9]|1[0-6]|2[1-8]|3[0-2]|4[01]|5|9)/.test(id),
    bare: /^\d{2,3}\/\d{3}\/\d{5}$/,
    words: 'steuer-?n(?:umme)?r|st-?nr',
  },
  de_social_insurance: {
    label: 'NATIONALID',
    region: 'DE',
    size: [12],
    shape: /^\d{8}[A-Z]\d{3}$/,
    valid: isGermanSocialInsurance,
    bare: /^\d\d ?\d{6} ?[A-Z] ?\d{3}$/,
    words: 'sozialversicherung|rentenversicherung|\\bsvnr|\\brvnr|versicherungsnummer',
  },
  de_vat: {
    label: 'TAXID',
    region: 'DE',
    size: [9, 11],
    shape: /^(?:DE)?[1-9]\d{8}$/,
    valid: (id) => mod11And10(id.slice(-9)),
    bare: /^DE[ .-]?\d[\d .-]*$/,
    words: VAT,
  },
  de_id_card: {
    label: 'PASSPORT',
    region: 'DE',
    size: [9, 10],
    shape: /^[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{7,8}\d$/,
    valid: (id) => documentCheck(id) || /^T\d{8}$/.test(id),
    words: 'ausweis|\\bperso\\b|reisepass|pass-?n(?:umme)?r|identity card|id card',
  },
  de_health_insurance: {
    label: 'HEALTHID',
    region: 'DE',
    size: [10],
    shape: /^[A-Z]\d{9}$/,
    valid: isGermanHealth,
    words: 'krankenversicher|versicherten|gesundheitskarte|\\begk|\\bkvnr|krankenkasse',
  },
  de_lanr: {
    label: 'LICENCE',
    region: 'DE',
    size: [9],
    shape: /^\d{9}$/,
    valid: (id) => mod(-weigh(id, [4, 9, 4, 9, 4, 9]), 10) === valueAt(id, 6),
    words: 'lanr|arztnummer',
  },
  de_bsnr: { label: 'LICENCE', region: 'DE', size: [9], shape: /^\d{9}$/, words: 'bsnr|betriebsst[aä]tten' },
  at_svnr: {
    label: 'NATIONALID',
    region: 'AT',
    size: [10],
    shape: /^[1-9]\d{9}$/,
    valid: (id) =>
      weigh(id, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === valueAt(id, 3) && numberAt(id, 6, 2) <= 15,
    words: 'sozialversicherung|\\bsvnr|\\bsv-?nr|\\bvsnr|versicherungsnummer',
  },
  at_vat: {
    label: 'TAXID',
    region: 'AT',
    size: [9, 11],
    shape: /^(?:AT)?U\d{8}$/,
    valid: (id) => mod(6 - luhnSum(id.slice(-8, -1)), 10) === lastDigit(id),
    bare: /^AT ?U\d{8}$/,
    words: VAT,
  },
  ch_ahv: {
    label: 'NATIONALID',
    region: 'CH',
    size: [13],
    shape: /^756\d{10}$/,
    valid: ean13,
    bare: /^756\.?\d{4}\.?\d{4}\.?\d\d$/,
    words: '\\bahv|\\bavs\\b|sozialversicherung|\\bssn\\b|navs',
  },
  ch_uid: {
    label: 'TAXID',
    region: 'CH',
    size: sizes(12, 15),
    shape: /^CHE\d{9}(?:MWST|TVA|IVA|TPV)?$/,
    valid: (id) => mod(-weigh(id.slice(3), [5, 4, 3, 2, 7, 6, 5, 4]), 11) === valueAt(id, 11),
    bare: /^CHE/,
    words: VAT,
  },
  fr_nir: {
    label: 'NATIONALID',
    region: 'FR',
    size: [15],
    shape: /^[1-478]\d\d(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d\d|2[AB])\d{8}$/,
    valid: (nir) =>
      97 - ((Number(nir.slice(0, 13).replace('A', '0').replace('B', '0')) - nirShift(nir)) % 97) ===
      numberAt(nir, 13, 2),
    bare: /^\d{15}$|^\d \d\d \d\d \w\w \d{3} \d{3} \d\d$/,
    words: 's[eé]curit[eé] sociale|\\bnir\\b|\\binsee\\b|num[eé]ro de s[eé]cu',
  },
  fr_tax_number: {
    label: 'TAXID',
    region: 'FR',
    size: [13],
    shape: /^[0-3]\d{12}$/,
    valid: (id) => numberAt(id, 0, 10) % 511 === numberAt(id, 10, 3),
    words: 'num[eé]ro fiscal|\\bspi\\b|\\bnif\\b',
  },
  fr_siren: { label: 'TAXID', region: 'FR', size: [9], shape: /^\d{9}$/, valid: luhn, words: 'siren' },
  fr_siret: { label: 'TAXID', region: 'FR', size: [14], shape: /^\d{14}$/, valid: luhn, words: 'siret' },
  nl_bsn: {
    label: 'NATIONALID',
    region: 'NL',
    size: [9],
    shape: /^(?!0{3})\d{9}$/,
    valid: (id) => (weigh(id, [9, 8, 7, 6, 5, 4, 3, 2]) - lastDigit(id)) % 11 === 0,
    words: '\\bbsn\\b|burgerservice|sofi-?nummer|persoonsnummer',
  },
  nl_vat: {
    label: 'TAXID',
    region: 'NL',
    size: [10, 11, 12, 13, 14],
    shape: /^(?:NL)?\d{7,9}B\d\d$/,
    valid: (id) => {
      const own = id.replace(/^NL/, '').padStart(12, '0');
      return (
        (weigh(own, [9, 8, 7, 6, 5, 4, 3, 2]) - valueAt(own, 8)) % 11 === 0 || modLong(`NL${own}`, 97) === 1
      );
    },
    bare: /^NL ?\d/,
    words: VAT,
  },
  be_nn: {
    label: 'NATIONALID',
    region: 'BE',
    size: [11],
    shape: /^\d{11}$/,
    valid: (id) => {
      const check = numberAt(id, 9, 2);
      const month = numberAt(id, 2, 2) % 20;
      const dated = month <= 12 && numberAt(id, 4, 2) <= 31;
      return (
        dated && [id.slice(0, 9), `2${id.slice(0, 9)}`].some((base) => 97 - (Number(base) % 97) === check)
      );
    },
    bare: /^\d\d\.\d\d\.\d\d-\d{3}\.\d\d$/,
    words: 'rijksregister|registre national|nationaal nummer|num[eé]ro national|insz|niss\\b',
  },
  be_vat: {
    label: 'TAXID',
    region: 'BE',
    size: [9, 10, 11, 12],
    shape: /^(?:BE)?[01]?\d{9}$/,
    valid: (id) => 97 - (Number(id.slice(-10, -2).replace(/\D/g, '')) % 97) === Number(id.slice(-2)),
    bare: /^BE ?[01]\d{3}[ .]?\d{3}[ .]?\d{3}$/,
    words: `${VAT}|ondernemingsnummer|num[eé]ro d'entreprise`,
  },
  es_dni: {
    label: 'NATIONALID',
    region: 'ES',
    size: [8, 9],
    shape: /^\d{7,8}[A-Z]$/,
    valid: (id) => DNI_LETTERS[Number(id.slice(0, -1)) % 23] === id.at(-1),
    bare: /^\d{8}-?[A-Z]$/,
    words: '\\bdni\\b|\\bnif\\b|documento nacional|identidad',
  },
  es_nie: {
    label: 'NATIONALID',
    region: 'ES',
    size: [9],
    shape: /^[XYZ]\d{7}[A-Z]$/,
    valid: (id) => DNI_LETTERS[Number(`${'XYZ'.indexOf(id[0] ?? '')}${id.slice(1, 8)}`) % 23] === id[8],
    bare: /^[XYZxyz]-?\d{7}-?[A-Za-z]$/,
    words: '\\bnie\\b|\\bnif\\b|extranjer',
  },
  es_cif: {
    label: 'TAXID',
    region: 'ES',
    size: [9, 11],
    shape: /^(?:ES)?[ABCDEFGHJNPQRSUVW]\d{7}[0-9A-J]$/,
    valid: (id) => {
      const own = id.slice(-9);
      const check = mod(-luhnSum(`${own.slice(1, 8)}0`), 10);
      return own[8] === String(check) || own[8] === 'JABCDEFGHI'[check];
    },
    words: '\\bcif\\b|\\bnif\\b',
  },
  es_social_security: {
    label: 'NATIONALID',
    region: 'ES',
    size: [12],
    shape: /^\d{12}$/,
    valid: (id) => {
      const serial = numberAt(id, 2, 8);
      const base = serial < 10_000_000 ? numberAt(id, 0, 2) * 10_000_000 + serial : numberAt(id, 0, 10);
      return base % 97 === numberAt(id, 10, 2);
    },
    words: 'seguridad social|\\bnuss\\b|\\bnss\\b|afiliaci[oó]n',
  },
} as const satisfies Schemes;

/** At most one digit stands more than once among the first ten, and not more than three times (BZSt). */
function hasFewRepeats(id: string): boolean {
  const counts = [...Map.groupBy(id.slice(0, 10), (digit) => digit).values()].map(({ length }) => length);
  return counts.filter((count) => count > 1).length <= 1 && counts.every((count) => count <= 3);
}

/** VKVV §2: the letter counts as its two-digit place in the alphabet; women's and repeated serials add 50 to the day. */
function isGermanSocialInsurance(id: string): boolean {
  const digits = id.slice(0, 8) + letterPlace(id[8]) + id.slice(9, 11);
  const day = numberAt(id, 2, 2) % 50;
  return (
    isDay(numberAt(id, 4, 2), day) &&
    crossSum(digits, [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]) % 10 === lastDigit(id)
  );
}

function isGermanHealth(id: string): boolean {
  const digits = letterPlace(id[0]) + id.slice(1, 9);
  return crossSum(digits, [1, 2, 1, 2, 1, 2, 1, 2, 1, 2]) % 10 === lastDigit(id);
}

const letterPlace = (letter = 'A') => String(letter.charCodeAt(0) - 64).padStart(2, '0');

/** Sum of the digits of all products. */
function crossSum(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, i) => {
    const product = weight * valueAt(digits, i);
    return sum + Math.floor(product / 10) + (product % 10);
  }, 0);
}

/** ICAO 9303: weights 7, 3, 1; letters from A = 10. */
function documentCheck(id: string): boolean {
  const sum = [...id.slice(0, -1)].reduce(
    (total, _, i) => total + valueAt(id, i) * ([7, 3, 1][i % 3] ?? 0),
    0,
  );
  return sum % 10 === lastDigit(id);
}

/** Corsica: 2A counts as 19 and 2B as 18; the letter has been read as 0 (20). */
const nirShift = (nir: string): number => (nir[6] === 'A' ? 10_000_000 : nir[6] === 'B' ? 20_000_000 : 0);
