import { isDay, isYearFirst, lastDigit, luhn, mod, numberAt, verhoeff, weigh } from './check-digits.ts';
import type { Schemes } from './scheme.ts';

/** Numbers of Africa and the Middle East. */
export const africaMiddleEast = {
  za_id: {
    label: 'NATIONALID',
    region: 'ZA',
    size: [13],
    shape: /^\d{10}[012]\d\d$/,
    valid: (id) => luhn(id) && isYearFirst(id),
    bare: /^\d{13}$|^\d{6} \d{4} \d{3}$/,
    words: 'south african|\\brsa\\b|id number|identity number',
  },
  il_id: {
    label: 'NATIONALID',
    region: 'IL',
    size: [9],
    shape: /^\d{9}$/,
    valid: luhn,
    words: 'teudat|תעודת זהות|ת\\.?ז\\.?|israeli id',
  },
  ae_id: {
    label: 'NATIONALID',
    region: 'AE',
    size: [15],
    shape: /^784(?:19|20)\d{10}$/,
    valid: luhn,
    bare: /^784-?\d{4}-?\d{7}-?\d$/,
    words: 'emirates id|الهوية',
  },
  sa_id: {
    label: 'NATIONALID',
    region: 'SA',
    size: [10],
    shape: /^[12]\d{9}$/,
    valid: luhn,
    words: 'iqama|saudi|الهوية|السجل المدني',
  },
  eg_id: {
    label: 'NATIONALID',
    region: 'EG',
    size: [14],
    shape: /^[23]\d{13}$/,
    valid: (id) =>
      isYearFirst(id, 1) &&
      mod(11 - (weigh(id, [2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11), 10) === lastDigit(id),
    words: 'الرقم القومي|egyptian|national id',
  },
  ir_id: {
    label: 'NATIONALID',
    region: 'IR',
    size: [10],
    shape: /^\d{10}$/,
    valid: (id) => {
      const rest = weigh(id, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
      return (rest < 2 ? rest : 11 - rest) === lastDigit(id);
    },
    words: 'کد ملی|melli code',
  },
  kz_iin: {
    label: 'NATIONALID',
    region: 'KZ',
    size: [12],
    shape: /^\d{6}[0-6]\d{5}$/,
    valid: (id) => {
      const first = weigh(id, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
      const check = first < 10 ? first : weigh(id, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11;
      return isDay(numberAt(id, 2, 2), numberAt(id, 4, 2)) && check === lastDigit(id);
    },
    words: '\\biin\\b|иин|жсн',
  },
  ng_nin: {
    label: 'NATIONALID',
    region: 'NG',
    size: [11],
    shape: /^[1-9]\d{10}$/,
    valid: verhoeff,
    words: '\\bnin\\b|nigerian|national identification',
  },
} as const satisfies Schemes;
