import {
  isDay,
  isDayFirst,
  isUniform,
  isYearFirst,
  lastDigit,
  mod,
  mod11And10,
  numberAt,
  valueAt,
  weigh,
} from './check-digits.ts';
import type { Schemes } from './scheme.ts';

const JMBG = [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2];
const BALTIC_1 = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1];
const BALTIC_2 = [3, 4, 5, 6, 7, 8, 9, 1, 2, 3];

/** Numbers of central and eastern Europe and of Turkey. */
export const europeEast = {
  pl_pesel: {
    label: 'NATIONALID',
    region: 'PL',
    size: [11],
    shape: /^\d{11}$/,
    valid: (id) =>
      weigh(id, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0 &&
      isDay(numberAt(id, 2, 2) % 20, numberAt(id, 4, 2)),
    words: 'pesel',
  },
  pl_nip: {
    label: 'TAXID',
    region: 'PL',
    size: [10, 12],
    shape: /^(?:PL)?[1-9]\d{9}$/,
    valid: (id) => weigh(id.slice(-10), [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === lastDigit(id),
    bare: /^PL ?\d{10}$|^\d{3}-\d{3}-\d\d-\d\d$/,
    words: '\\bnip\\b|\\bvat\\b|podatnik',
  },
  pl_regon: {
    label: 'TAXID',
    region: 'PL',
    size: [9, 14],
    shape: /^\d+$/,
    valid: (id) => {
      const short = (weigh(id, [8, 9, 2, 3, 4, 5, 6, 7]) % 11) % 10 === valueAt(id, 8);
      return (
        short &&
        (id.length === 9 || (weigh(id, [2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8]) % 11) % 10 === lastDigit(id))
      );
    },
    words: 'regon',
  },
  cz_rc: {
    label: 'NATIONALID',
    region: 'CZ',
    size: [9, 10],
    shape: /^\d{9,10}$/,
    valid: (id) => {
      const dated = isDay((numberAt(id, 2, 2) % 50) % 20, numberAt(id, 4, 2));
      if (id.length === 9) return dated && numberAt(id, 0, 2) < 54;
      return dated && (numberAt(id, 0, 9) % 11) % 10 === lastDigit(id);
    },
    bare: /^\d{6}\/\d{3,4}$/,
    words: 'rodn[eé] [cč][ií]slo|\\br\\.?[cč]\\.?\\b|birth number',
  },
  cz_ico: {
    label: 'TAXID',
    region: 'CZ',
    size: [8],
    shape: /^[0-8]\d{7}$/,
    valid: (id) => mod(11 - (weigh(id, [8, 7, 6, 5, 4, 3, 2]) % 11), 10) === lastDigit(id),
    words: 'i[cč]o\\b|di[cč]\\b',
  },
  hu_taj: {
    label: 'HEALTHID',
    region: 'HU',
    size: [9],
    shape: /^\d{9}$/,
    valid: (id) => weigh(id, [3, 7, 3, 7, 3, 7, 3, 7]) % 10 === lastDigit(id),
    words: '\\btaj\\b|t[aá]rsadalombiztos',
  },
  hu_tax_id: {
    label: 'TAXID',
    region: 'HU',
    size: [10],
    shape: /^8\d{9}$/,
    valid: (id) => weigh(id, [1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11 === lastDigit(id),
    words: 'ad[oó]azonos[ií]t|ad[oó]sz[aá]m',
  },
  ro_cnp: {
    label: 'NATIONALID',
    region: 'RO',
    size: [13],
    shape: /^[1-9]\d{12}$/,
    valid: (id) => {
      const check = weigh(id, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
      return isYearFirst(id, 1) && (check === 10 ? 1 : check) === lastDigit(id);
    },
    bare: /^\d{13}$/,
    words: '\\bcnp\\b|cod numeric|buletin',
  },
  ro_cui: {
    label: 'TAXID',
    region: 'RO',
    size: [6, 7, 8, 9, 10],
    shape: /^[1-9]\d+$/,
    valid: (id) =>
      ((weigh(id.slice(0, -1).padStart(9, '0'), [7, 5, 3, 2, 1, 7, 5, 3, 2]) * 10) % 11) % 10 ===
      lastDigit(id),
    words: '\\bcui\\b|\\bcif\\b|fiscal[aă]',
  },
  bg_egn: {
    label: 'NATIONALID',
    region: 'BG',
    size: [10],
    shape: /^\d{10}$/,
    valid: (id) =>
      numberAt(id, 2, 2) <= 52 &&
      isDay(numberAt(id, 2, 2) % 20, numberAt(id, 4, 2)) &&
      (weigh(id, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === lastDigit(id),
    words: '\\begn\\b|егн|единен граждански',
  },
  bg_pnf: {
    label: 'NATIONALID',
    region: 'BG',
    size: [10],
    shape: /^\d{10}$/,
    valid: (id) => weigh(id, [21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10 === lastDigit(id),
    words: '\\bpnf\\b|лнч|личен номер',
  },
  yu_jmbg: {
    label: 'NATIONALID',
    size: [13],
    shape: /^\d{13}$/,
    valid: (id) => isDayFirst(id) && mod(-weigh(id, JMBG), 11) % 10 === lastDigit(id),
    bare: /^\d{13}$/,
    words: 'jmbg|emso|emšo|mati[cč]ni broj|јмбг',
  },
  si_ddv: {
    label: 'TAXID',
    region: 'SI',
    size: [8, 10],
    shape: /^(?:SI)?[1-9]\d{7}$/,
    valid: (id) => mod(-weigh(id.slice(-8), [8, 7, 6, 5, 4, 3, 2]), 11) % 10 === lastDigit(id),
    bare: /^SI ?\d{4} ?\d{4}$/,
    words: 'dav[cč]na|\\bddv\\b',
  },
  hr_oib: {
    label: 'NATIONALID',
    region: 'HR',
    size: [11],
    shape: /^\d{11}$/,
    valid: mod11And10,
    words: '\\boib\\b|osobni identifikacijski',
  },
  ee_isikukood: {
    label: 'NATIONALID',
    region: 'EE',
    size: [11],
    shape: /^[1-8]\d{10}$/,
    valid: isBaltic,
    words: 'isikukood|personal code',
  },
  lt_asmens: {
    label: 'NATIONALID',
    region: 'LT',
    size: [11],
    shape: /^[1-9]\d{10}$/,
    valid: isBaltic,
    words: 'asmens kod|personal code',
  },
  lv_personas: {
    label: 'NATIONALID',
    region: 'LV',
    size: [11],
    shape: /^\d{11}$/,
    valid: (id) =>
      id.startsWith('32') ||
      (isDayFirst(id) && ((1 + weigh(id, [10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11) % 10 === lastDigit(id)),
    bare: /^\d{6}-[012]\d{4}$/,
    words: 'personas kod|personal code',
  },
  tr_tckn: {
    label: 'NATIONALID',
    region: 'TR',
    size: [11],
    shape: /^[1-9]\d{10}$/,
    valid: (id) => {
      const odd = weigh(id, [1, 0, 1, 0, 1, 0, 1, 0, 1]);
      const even = weigh(id, [0, 1, 0, 1, 0, 1, 0, 1]);
      const tenth = mod(7 * odd - even, 10);
      return tenth === valueAt(id, 9) && (odd + even + tenth) % 10 === lastDigit(id);
    },
    words: 'tckn|kimlik|t\\.?c\\.? ?no|t[uü]rkiye cumhuriyeti',
  },
  tr_vkn: {
    label: 'TAXID',
    region: 'TR',
    size: [10],
    shape: /^\d{10}$/,
    valid: isTurkishTax,
    words: 'vkn|vergi',
  },
  ru_inn: {
    label: 'TAXID',
    region: 'RU',
    size: [10, 12],
    shape: /^\d+$/,
    valid: (id) => {
      const check = (weights: readonly number[]) => (weigh(id, weights) % 11) % 10;
      if (id.length === 10) return check([2, 4, 10, 3, 5, 9, 4, 6, 8]) === lastDigit(id);
      return (
        check([7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) === valueAt(id, 10) &&
        check([3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) === lastDigit(id)
      );
    },
    words: '\\binn\\b|инн',
  },
  ru_snils: {
    label: 'NATIONALID',
    region: 'RU',
    size: [11],
    shape: /^\d{11}$/,
    valid: (id) =>
      !isUniform(id) && (weigh(id, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101) % 100 === numberAt(id, 9, 2),
    bare: /^\d{3}-\d{3}-\d{3}[ -]\d\d$/,
    words: 'snils|снилс',
  },
  ua_rnokpp: {
    label: 'TAXID',
    region: 'UA',
    size: [10],
    shape: /^\d{10}$/,
    valid: (id) => mod(weigh(id, [-1, 5, 7, 9, 4, 6, 10, 5, 7]), 11) % 10 === lastDigit(id),
    words: 'рнокпп|іпн|rnokpp|\\bipn\\b',
  },
} as const satisfies Schemes;

function isBaltic(id: string): boolean {
  const first = weigh(id, BALTIC_1) % 11;
  const check = first < 10 ? first : (weigh(id, BALTIC_2) % 11) % 10;
  return isYearFirst(id, 1) && check === lastDigit(id);
}

function isTurkishTax(id: string): boolean {
  let sum = 0;
  for (let i = 0; i < 9; i += 1) {
    const shifted = (valueAt(id, i) + 9 - i) % 10;
    const powered = (shifted * 2 ** (9 - i)) % 9;
    sum += shifted !== 0 && powered === 0 ? 9 : powered;
  }
  return mod(10 - (sum % 10), 10) === lastDigit(id);
}
