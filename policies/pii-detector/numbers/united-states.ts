import { luhn, valueAt, weigh } from './check-digits.ts';
import { type Schemes, sizes } from './scheme.ts';

/** Sources: IRS (ITIN, EIN), CMS (MBI, NPI), DEA, ABA key to routing numbers. */
export const unitedStates = {
  us_itin: {
    label: 'TAXID',
    region: 'US',
    size: [9],
    shape: /^9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}$/,
    bare: /^\d{3}[- ]\d\d[- ]\d{4}$/,
    words: 'itin|individual taxpayer|taxpayer id|tax ?id',
  },
  us_ein: {
    label: 'TAXID',
    region: 'US',
    size: [9],
    shape: /^(?!0[0789]|1[789]|2[89]|49|69|70|7[89]|89|9[67])\d{9}$/,
    words: '\\bein\\b|fein|employer id|federal tax|tax ?id',
  },
  us_mbi: {
    label: 'HEALTHID',
    region: 'US',
    size: [11],
    shape:
      /^[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y]{2}\d\d$/,
    bare: /^[0-9A-Z]{4}-[0-9A-Z]{3}-[0-9A-Z]{4}$|^[0-9A-Z]{11}$/,
    words: 'mbi|medicare|beneficiary',
  },
  us_npi: {
    label: 'LICENCE',
    region: 'US',
    size: [10],
    shape: /^[12]\d{9}$/,
    valid: (npi) => luhn(`80840${npi}`),
    words: 'npi|national provider|provider (?:id|identifier|number)',
  },
  us_dea: {
    label: 'LICENCE',
    region: 'US',
    size: [9],
    shape: /^[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}$/,
    valid: (dea) => weigh(dea.slice(2), [1, 2, 1, 2, 1, 2]) % 10 === valueAt(dea, 8),
    words: '\\bdea\\b|drug enforcement|prescriber',
  },
  us_aba: {
    label: 'ACCOUNT',
    region: 'US',
    size: [9],
    shape: /^(?:0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)\d{7}$/,
    valid: (aba) => weigh(aba, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0,
    words: 'routing|aba\\b|\\brtn\\b|transit number',
  },
  bank_account: {
    label: 'ACCOUNT',
    size: sizes(6, 17),
    shape: /^\d+$/,
    words:
      'account (?:number|no\\b|#)|acct|bank account|kontonummer|konto-?nr|num[eé]ro de compte|n[uú]mero de cuenta|口座番号|银行账号',
  },
  passport: {
    label: 'PASSPORT',
    size: sizes(7, 10),
    shape: /^(?:[A-Z]{0,3}\d{6,9}|[A-Z]\d{3}[A-Z]\d{4}|[A-Z]\d\d[A-Z]\d{4,5})$/,
    words: 'passport|reisepass|pass-?nr|passeport|pasaporte|passaporto|passaporte|paspoort|护照|旅券|여권',
  },
  driving_licence: {
    label: 'LICENCE',
    size: sizes(6, 16),
    shape: /^(?=(?:[A-Z]*\d){5})[A-Z0-9]+$/,
    words:
      "driv(?:er|ing)(?:'?s)?[ _-]?licen[cs]e|f[uü]hrerschein|fahrerlaubnis|permis de conduire|patente|carn[eé]t? de conducir|运转免许|運転免許|운전면허",
  },
} as const satisfies Schemes;
