import { isDay, isUniform, luhn, numberAt } from './check-digits.ts';
import { type Schemes, sizes } from './scheme.ts';

/** Numbers of no single country: devices, vehicles, patients, cards, days of birth. */
export const international = {
  imei: {
    label: 'DEVICE',
    size: [15],
    shape: /^\d{15}$/,
    valid: (id) => luhn(id) && !isUniform(id),
    bare: /^\d\d[ -]\d{6}[ -]\d{6}[ -]\d$/,
    words: 'imei',
  },
  iccid: {
    label: 'DEVICE',
    size: [19, 20],
    shape: /^89\d+$/,
    valid: luhn,
    bare: /^\d+$/,
    words: 'iccid|sim card|sim-?nummer',
  },
  vin: {
    label: 'VEHICLE',
    size: [17],
    shape: /^(?=.*[A-Z].*[A-Z])(?=(?:[A-Z]*\d){5})[A-HJ-NPR-Z0-9]{11}[A-HJ-NPR-Z0-9]{2}\d{4}$/,
    valid: (id) => vinCheck(id) === id[8],
    bare: /^[A-Z0-9]{17}$/,
    words: '\\bvin\\b|vehicle identification|fahrgestell|chassis',
  },
  mrn: {
    label: 'HEALTHID',
    size: sizes(5, 12),
    shape: /^(?=(?:[A-Z]*\d){4})[A-Z]{0,4}\d+[A-Z]?$/,
    words:
      '\\bmrn|medical record|patient (?:id|no|number|#)|chart (?:no|number)|patienten-?n(?:umme)?r|patientennummer',
  },
  health_insurance: {
    label: 'HEALTHID',
    size: sizes(6, 16),
    shape: /^(?=(?:[A-Z]*\d){4})[A-Z0-9]+$/,
    words:
      '(?:member|subscriber|insurance|beneficiary|policy|group|health plan) ?(?:id|no\\b|number|#|policy)|versichertennummer',
  },
  card_cvv: {
    label: 'CVV',
    size: [3, 4],
    shape: /^\d+$/,
    words:
      '\\bcvv2?|\\bcvc2?\\b|\\bcvn\\b|\\bcav2\\b|card verification|card security code|security code|pr[uü]fnummer|cryptogramme',
  },
  card_expiry: {
    label: 'EXPIRY',
    size: [4, 6],
    shape: /^(?:0[1-9]|1[0-2])(?:20)?\d\d$/,
    words:
      'card exp\\w*|\\bexp(?:iry|iration|\\.)?[ _-]?(?:date)?["\']?\\s?[:=]|\\bexp\\.? ?$|valid thru|good thru|g[uü]ltig bis|caducidad',
  },
  birth_date: {
    label: 'BIRTHDATE',
    size: [6, 8],
    shape: /^\d+$/,
    valid: isBirthDate,
    words:
      'date of birth|\\bd\\.?o\\.?b\\b|birth ?da(?:te|y)|born(?: on)?|geburtsdatum|geboren am|n[eé]e? le|date de naissance|fecha de nacimiento|nacid[oa] el|data di nascita|出生日期|生年月日',
  },
} as const satisfies Schemes;

/** `ddmmyyyy`, `mmddyyyy`, `yyyymmdd`, or one of them with two digits of the year. */
function isBirthDate(date: string): boolean {
  const short = date.length === 6;
  const [a, b] = [numberAt(date, 0, 2), numberAt(date, 2, 2)];
  const yearLast = (isDay(a, b) || isDay(b, a)) && (short || /^(?:19|20)/.test(date.slice(4)));
  const month = numberAt(date, short ? 2 : 4, 2);
  const day = numberAt(date, short ? 4 : 6, 2);
  return yearLast || (isDay(month, day) && (short || /^(?:19|20)/.test(date)));
}

/** 49 CFR 565.15: letters have the values 1–9 without I, O and Q; the ninth place is the check. */
function vinCheck(id: string): string {
  const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
  const values = '12345678.12345.7.923456789';
  const sum = weights.reduce((total, weight, i) => {
    const code = id.charCodeAt(i);
    return total + weight * (code < 65 ? code - 48 : Number(values[code - 65]));
  }, 0);
  return '0123456789X'[sum % 11] ?? '';
}
