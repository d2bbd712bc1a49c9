import { isUniform, isYearFirst, lastDigit, luhn, mod, valueAt, weigh } from './check-digits.ts';
import type { Schemes } from './scheme.ts';

const RUC_WEIGHTS = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

/** Numbers of Canada, Mexico, the Caribbean and South America. */
export const americas = {
  ca_sin: {
    label: 'NATIONALID',
    region: 'CA',
    size: [9],
    shape: /^[1-79]\d{8}$/,
    valid: (sin) => luhn(sin) && !isUniform(sin),
    bare: /^\d{3}-\d{3}-\d{3}$/,
    words: '\\bsin\\b|social insurance|assurance sociale|\\bnas\\b',
  },
  br_cpf: {
    label: 'NATIONALID',
    region: 'BR',
    size: [11],
    shape: /^\d{11}$/,
    valid: (cpf) => !isUniform(cpf) && isBrazilian(cpf, 11),
    bare: /^\d{3}\.\d{3}\.\d{3}-\d\d$/,
    words: 'cpf|cadastro de pessoas?|contribuinte',
  },
  br_cnpj: {
    label: 'TAXID',
    region: 'BR',
    size: [14],
    shape: /^[0-9A-Z]{12}\d\d$/,
    valid: (cnpj) => !isUniform(cnpj) && isBrazilian(cnpj, 9),
    bare: /^[0-9A-Z]{2}\.[0-9A-Z]{3}\.[0-9A-Z]{3}\/[0-9A-Z]{4}-\d\d$/,
    words: 'cnpj|cadastro nacional',
  },
  mx_curp: {
    label: 'NATIONALID',
    region: 'MX',
    size: [18],
    shape: /^[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{5}[0-9A-Z]\d$/,
    valid: (curp) => isYearFirst(curp, 4) && curpCheck(curp) === lastDigit(curp),
    bare: /^\w{18}$/,
    words: 'curp|clave [uú]nica',
  },
  mx_rfc: {
    label: 'TAXID',
    region: 'MX',
    size: [10, 12, 13],
    shape: /^[A-Z]{3,4}\d{6}(?:[0-9A-Z]{2}[0-9A])?$/,
    valid: (rfc) => isYearFirst(rfc, rfc.length === 12 ? 3 : 4),
    bare: /^[A-Z]{4}\d{6}[0-9A-Z]{3}$/,
    words: 'rfc\\b|registro federal|contribuyente',
  },
  mx_clabe: {
    label: 'ACCOUNT',
    region: 'MX',
    size: [18],
    shape: /^(?!0{3})\d{18}$/,
    valid: (clabe) =>
      mod(
        -[...clabe.slice(0, 17)].reduce(
          (sum, sign, i) => sum + ((Number(sign) * ([3, 7, 1][i % 3] ?? 0)) % 10),
          0,
        ),
        10,
      ) === lastDigit(clabe),
    words: 'clabe|cuenta bancaria|interbancaria',
  },
  ar_cuit: {
    label: 'TAXID',
    region: 'AR',
    size: [11],
    shape: /^(?:2[03-7]|3[034]|5[015])\d{9}$/,
    valid: (cuit) => cuitCheck(cuit) === lastDigit(cuit),
    bare: /^\d\d-\d{8}-\d$/,
    words: 'cuit|cuil|clave [uú]nica',
  },
  ar_cbu: {
    label: 'ACCOUNT',
    region: 'AR',
    size: [22],
    shape: /^\d{22}$/,
    valid: (cbu) => isCbuBlock(cbu.slice(0, 8)) && isCbuBlock(cbu.slice(8)),
    bare: /^[1-9]\d{21}$/,
    words: 'cbu\\b|clave bancaria',
  },
  ar_dni: {
    label: 'NATIONALID',
    region: 'AR',
    size: [7, 8],
    shape: /^[1-9]\d{6,7}$/,
    words: '\\bdni\\b|documento nacional',
  },
  cl_rut: {
    label: 'NATIONALID',
    region: 'CL',
    size: [8, 9, 10, 11],
    shape: /^(?:CL)?\d{7,8}[\dK]$/,
    valid: (rut) => rutCheck(rut.replace('CL', '')) === rut.at(-1),
    bare: /^(?:CL )?\d{1,2}\.\d{3}\.\d{3}-[\dKk]$/,
    words: '\\brut\\b|\\brun\\b|rol [uú]nico|cl\\b',
  },
  co_nit: {
    label: 'TAXID',
    region: 'CO',
    size: [9, 10],
    shape: /^\d{9,10}$/,
    valid: (nit) => {
      const sum = weigh([...nit.slice(0, -1)].reverse().join(''), [3, 7, 13, 17, 19, 23, 29, 37, 41]) % 11;
      return (sum < 2 ? sum : 11 - sum) === lastDigit(nit);
    },
    bare: /^\d{3}\.\d{3}\.\d{3}-\d$/,
    words: '\\bnit\\b|identificaci[oó]n tributaria',
  },
  ec_ci: {
    label: 'NATIONALID',
    region: 'EC',
    size: [10],
    shape: /^(?:0[1-9]|1\d|2[0-4]|30)[0-6]\d{7}$/,
    valid: luhn,
    words: 'c[eé]dula|\\bc\\.?i\\.?\\b|ec\\b',
  },
  pe_ruc: {
    label: 'TAXID',
    region: 'PE',
    size: [11],
    shape: /^(?:1[05-7]|20)\d{9}$/,
    valid: (ruc) => mod(11 - (weigh(ruc, RUC_WEIGHTS) % 11), 10) === lastDigit(ruc),
    words: '\\bruc\\b|registro [uú]nico',
  },
  uy_cedula: {
    label: 'NATIONALID',
    region: 'UY',
    size: [8],
    shape: /^\d{8}$/,
    valid: (id) => mod(-weigh(id, [2, 9, 8, 7, 6, 3, 4]), 10) === lastDigit(id),
    bare: /^\d\.\d{3}\.\d{3}-\d$/,
    words: 'c[eé]dula|\\bc\\.?i\\.?\\b',
  },
  ve_rif: {
    label: 'TAXID',
    region: 'VE',
    size: [10],
    shape: /^[VEJPG]\d{9}$/,
    valid: (rif) => {
      const kind = { V: 4, E: 8, J: 12, P: 16, G: 20 }[rif[0] ?? ''] ?? 0;
      return '00987654321'[(kind + weigh(rif.slice(1), [3, 2, 7, 6, 5, 4, 3, 2])) % 11] === rif.at(-1);
    },
    bare: /^[VEJPG]-\d{8}-\d$/,
    words: '\\brif\\b|informaci[oó]n fiscal',
  },
  do_cedula: {
    label: 'NATIONALID',
    region: 'DO',
    size: [11],
    shape: /^\d{11}$/,
    valid: luhn,
    bare: /^\d{3}-\d{7}-\d$/,
    words: 'c[eé]dula',
  },
  cu_ni: {
    label: 'NATIONALID',
    region: 'CU',
    size: [11],
    shape: /^\d{11}$/,
    valid: (id) => isYearFirst(id),
    words: 'carn[eé] de identidad|\\bni\\b',
  },
} as const satisfies Schemes;

/** Two check digits modulo 11; weights fall to 2 and start again at `highest`. Letters count as in ASCII less 48. */
function isBrazilian(text: string, highest: number): boolean {
  const value = (at: number) => text.charCodeAt(at) - 48;
  const check = (length: number) => {
    let sum = 0;
    for (let i = 0; i < length; i += 1)
      sum += value(length - 1 - i) * ((i % (highest - 1 === 10 ? 10 : 8)) + 2);
    return sum % 11 < 2 ? 0 : 11 - (sum % 11);
  };
  const size = text.length;
  return check(size - 2) === value(size - 2) && check(size - 1) === value(size - 1);
}

const CURP_SIGNS = '0123456789ABCDEFGHIJKLMN\u00d1OPQRSTUVWXYZ';

function curpCheck(curp: string): number {
  const sum = [...curp.slice(0, 17)].reduce(
    (total, sign, i) => total + CURP_SIGNS.indexOf(sign) * (18 - i),
    0,
  );
  return mod(-sum, 10);
}

function cuitCheck(cuit: string): number {
  const check = 11 - (weigh(cuit, RUC_WEIGHTS) % 11);
  return check === 11 ? 0 : check === 10 ? 9 : check;
}

function isCbuBlock(block: string): boolean {
  const size = block.length - 1;
  let sum = 0;
  for (let i = 0; i < size; i += 1) sum += valueAt(block, size - 1 - i) * ([3, 1, 7, 9][i % 4] ?? 0);
  return mod(-sum, 10) === lastDigit(block);
}

function rutCheck(rut: string): string {
  let sum = 0;
  for (let i = 0; i < rut.length - 1; i += 1) sum += valueAt(rut, rut.length - 2 - i) * ((i % 6) + 2);
  return '0123456789K'[mod(-sum, 11)] ?? '';
}
