import {
  isDay,
  isUniform,
  isYearFirst,
  lastDigit,
  luhn,
  mod,
  mod11And2,
  numberAt,
  valueAt,
  verhoeff,
  weigh,
} from './check-digits.ts';
import type { Schemes } from './scheme.ts';

const SINGAPORE = [2, 7, 6, 5, 4, 3, 2];

/** Numbers of Asia, Australia and New Zealand. */
export const asiaPacific = {
  in_aadhaar: {
    label: 'NATIONALID',
    region: 'IN',
    size: [12],
    shape: /^[2-9]\d{11}$/,
    valid: (id) => verhoeff(id) && !isUniform(id) && [...id].reverse().join('') !== id,
    words: 'aadha{1,2}r|\\buidai\\b|आधार',
  },
  in_pan: {
    label: 'TAXID',
    region: 'IN',
    size: [10],
    shape: /^[A-Z]{5}\d{4}[A-Z]$/,
    // The fourth letter is the kind of holder.
    bare: /^[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]$/,
    words: '\\bpan\\b|permanent account',
  },
  in_gstin: {
    label: 'TAXID',
    region: 'IN',
    size: [15],
    // No check digit on purpose: the form alone is specific, and a mistyped number still names its holder.
    shape: /^(?:0[1-9]|[12]\d|3[0-7])[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]$/,
    bare: /^\w{15}$/,
    words: '\\bgst',
  },
  in_voter: {
    label: 'NATIONALID',
    region: 'IN',
    size: [10],
    shape: /^[A-Z]{3}\d{7}$/,
    words: 'voter|\\bepic\\b|election|vote',
  },
  sg_nric: {
    label: 'NATIONALID',
    region: 'SG',
    size: [9],
    shape: /^[STFGM]\d{7}[A-Z]$/,
    bare: /^[STFGM]\d{7}[A-Z]$/,
    bareValid: isSingaporean,
    words: 'nric|\\bfin\\b|identity card',
  },
  hk_hkid: {
    label: 'NATIONALID',
    region: 'HK',
    size: [8, 9],
    shape: /^[A-Z]{1,2}\d{6}[0-9A]$/,
    valid: (id) => {
      const padded = id.length === 8 ? 36 * 9 : valueAt(id, 0) * 9;
      return (padded + weigh(id.slice(-8), [8, 7, 6, 5, 4, 3, 2, 1])) % 11 === 0;
    },
    bare: /^[A-Z]{1,2}\d{6}\([0-9A]$/,
    words: 'hkid|identity card|身份證',
  },
  tw_id: {
    label: 'NATIONALID',
    region: 'TW',
    size: [10],
    shape: /^[A-Z][1289A-D]\d{8}$/,
    valid: isTaiwanese,
    bare: /^[A-Z][1289]\d{8}$/,
    words: '身分證|身份證|national id|居留證',
  },
  my_nric: {
    label: 'NATIONALID',
    region: 'MY',
    size: [12],
    shape: /^\d{12}$/,
    valid: (id) =>
      isYearFirst(id) &&
      !['00', '17', '18', '19', '20', '69', '70', '73', '80', '81', '94', '95', '96', '97'].includes(
        id.slice(6, 8),
      ),
    bare: /^\d{6}-\d\d-\d{4}$/,
    words: 'nric|mykad|kad pengenalan',
  },
  cn_ric: {
    label: 'NATIONALID',
    region: 'CN',
    size: [18],
    shape: /^[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])\d{5}[0-9X]$/,
    valid: (id) => mod11And2(id) && isYearFirst(id, 8),
    bare: /^\d{17}[0-9Xx]$/,
    words: '身份证|公民身份|resident id',
  },
  kr_rrn: {
    label: 'NATIONALID',
    region: 'KR',
    size: [13],
    shape: /^\d{6}[1-8]\d{6}$/,
    // Numbers given out since October 2020 have no check digit.
    valid: (id) => isYearFirst(id),
    bare: /^\d{6}-\d{7}$/,
    words: '주민등록|외국인등록|resident registration|\\brrn\\b|\\bfrn\\b',
  },
  kr_brn: {
    label: 'TAXID',
    region: 'KR',
    size: [10],
    shape: /^[1-9]\d{9}$/,
    valid: (id) =>
      mod(-(weigh(id, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor((valueAt(id, 8) * 5) / 10)), 10) ===
        lastDigit(id) && id.slice(3, 5) !== '00',
    words: '사업자|\\bbrn\\b|business registration',
  },
  jp_my_number: {
    label: 'NATIONALID',
    region: 'JP',
    size: [12],
    shape: /^\d{12}$/,
    valid: (id) => {
      const rest = weigh(id, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
      return (rest <= 1 ? 0 : 11 - rest) === lastDigit(id);
    },
    words: 'マイナンバー|個人番号|my number',
  },
  th_pin: {
    label: 'NATIONALID',
    region: 'TH',
    size: [13],
    shape: /^[1-8]\d{12}$/,
    valid: (id) => {
      const province = numberAt(id, 1, 2);
      const check = mod(11 - (weigh(id, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11), 10);
      return province >= 10 && province <= 96 && check === lastDigit(id);
    },
    bare: /^\d[- ]\d{4}[- ]\d{5}[- ]\d\d[- ]\d$/,
    words: 'เลขประจำตัว|บัตรประชาชน|thai id|tnin|thailand',
  },
  id_nik: {
    label: 'NATIONALID',
    region: 'ID',
    size: [16],
    shape: /^[1-9]\d{15}$/,
    valid: (id) => isDay(numberAt(id, 8, 2), numberAt(id, 6, 2) % 40),
    words: '\\bnik\\b|\\bktp\\b|kependudukan',
  },
  id_npwp: {
    label: 'TAXID',
    region: 'ID',
    size: [15],
    shape: /^\d{15}$/,
    valid: (id) => luhn(id.slice(0, 9)),
    bare: /^\d\d\.\d{3}\.\d{3}\.\d-\d{3}\.\d{3}$/,
    words: 'npwp|pajak',
  },
  ph_tin: {
    label: 'TAXID',
    region: 'PH',
    size: [9, 12, 14],
    shape: /^\d+$/,
    valid: (id) => weigh(id, [9, 8, 7, 6, 5, 4, 3, 2]) % 11 === valueAt(id, 8),
    words: '\\btin\\b|\\bbir\\b|taxpayer',
  },
  vn_mst: {
    label: 'TAXID',
    region: 'VN',
    size: [10, 13],
    shape: /^\d+$/,
    valid: (id) => 10 - (weigh(id, [31, 29, 23, 19, 17, 13, 7, 5, 3]) % 11) === valueAt(id, 9),
    words: 'm[aã] s[oố] thu[eế]|\\bmst\\b',
  },
  lk_nic: {
    label: 'NATIONALID',
    region: 'LK',
    size: [10, 12],
    shape: /^(?:\d{9}[VX]|(?:19|20)\d{10})$/,
    valid: (id) => {
      const day = numberAt(id, id.length === 10 ? 2 : 4, 3) % 500;
      return day >= 1 && day <= 366;
    },
    words: '\\bnic\\b|identity card',
  },
  pk_cnic: {
    label: 'NATIONALID',
    region: 'PK',
    size: [13],
    shape: /^[1-7]\d{11}[1-9]$/,
    bare: /^\d{5}-\d{7}-\d$/,
    words: 'cnic|nadra',
  },
  au_tfn: {
    label: 'TAXID',
    region: 'AU',
    size: [9],
    shape: /^\d{9}$/,
    valid: (id) => weigh(id, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0,
    words: '\\btfn\\b|tax file',
  },
  au_abn: {
    label: 'TAXID',
    region: 'AU',
    size: [11],
    shape: /^[1-9]\d{10}$/,
    valid: (id) => (weigh(id, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0,
    words: '\\babn\\b|australian business',
  },
  au_acn: {
    label: 'TAXID',
    region: 'AU',
    size: [9],
    shape: /^\d{9}$/,
    valid: (id) => mod(-weigh(id, [8, 7, 6, 5, 4, 3, 2, 1]), 10) === lastDigit(id),
    words: '\\bacn\\b|australian company',
  },
  au_medicare: {
    label: 'HEALTHID',
    region: 'AU',
    size: [10, 11],
    shape: /^[2-6]\d{9}[1-9]?$/,
    valid: (id) => weigh(id, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === valueAt(id, 8),
    words: 'medicare',
  },
  nz_ird: {
    label: 'TAXID',
    region: 'NZ',
    size: [8, 9],
    shape: /^\d{8,9}$/,
    valid: isIrd,
    words: '\\bird\\b|inland revenue',
  },
  nz_nhi: {
    label: 'HEALTHID',
    region: 'NZ',
    size: [7],
    shape: /^[A-HJ-NP-Z]{3}(?:\d{4}|\d\d[A-HJ-NP-Z]{2})$/,
    words: '\\bnhi\\b|national health index',
  },
} as const satisfies Schemes;

function isSingaporean(id: string): boolean {
  const kind = id[0] ?? '';
  const sum = weigh(id.slice(1), SINGAPORE) + ({ T: 4, G: 4, M: 3 }[kind] ?? 0);
  const letters = 'ST'.includes(kind) ? 'JZIHGFEDCBA' : kind === 'M' ? 'XWUTRQPNJLK' : 'XWUTRQPNMLK';
  return letters[sum % 11] === id[8];
}

/** Places of the letters in the household registration; I and O came last. */
const TAIWAN = 'ABCDEFGHJKLMNPQRSTUVXYWZIO';

function isTaiwanese(id: string): boolean {
  const place = TAIWAN.indexOf(id[0] ?? '') + 10;
  const second = valueAt(id, 1) > 9 ? (TAIWAN.indexOf(id[1] ?? '') + 10) % 10 : valueAt(id, 1);
  const digits = `${second}${id.slice(2)}`;
  return (Math.floor(place / 10) + (place % 10) * 9 + weigh(digits, [8, 7, 6, 5, 4, 3, 2, 1, 1])) % 10 === 0;
}

function isIrd(id: string): boolean {
  const own = id.padStart(9, '0');
  const first = mod(-weigh(own, [3, 2, 7, 6, 5, 4, 3, 2]), 11);
  const check = first === 10 ? mod(-weigh(own, [7, 4, 3, 2, 5, 2, 7, 6]), 11) : first;
  return Number(own) > 10_000_000 && Number(own) < 150_000_000 && check === lastDigit(own);
}
