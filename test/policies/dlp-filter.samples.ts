import { checkDigits } from '#policies/dlp-filter/checksum.ts';
import { INFIX_RULES } from '#policies/dlp-filter/infix-tokens.ts';
import { NAMED_RULES } from '#policies/dlp-filter/named-rules.ts';
import { TOKEN_RULES } from '#policies/dlp-filter/tokens.ts';

/** A text that holds an invented secret of one rule. */
export interface Sample {
  readonly rule: string;
  readonly text: string;
  readonly secret: string;
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = UPPER.toLowerCase();
const DIGITS = '0123456789';
const WORD = UPPER + LOWER + DIGITS;
/** What each letter of the notation stands for, written down a second time. */
const LETTERS: Record<string, string> = {
  a: UPPER + LOWER,
  b: WORD,
  B: WORD,
  c: WORD,
  d: DIGITS,
  D: WORD,
  e: '=',
  h: `${DIGITS}abcdef`,
  H: `${DIGITS}abcdefABCDEF`,
  l: LOWER + DIGITS,
  m: 'MNO',
  n: '\n',
  p: WORD,
  s: ' ',
  u: WORD,
  U: UPPER + DIGITS,
  w: WORD,
  W: WORD,
  z: WORD,
};

/** The same numbers in every run. */
function numbers(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function fill(notation: string, next: () => number): string {
  const parts = notation.split(' ').map((part) => {
    const [, letter = '', min = '0'] = /^([a-zA-Z])([0-9]+)(?:-[0-9]+)?$/.exec(part) ?? [];
    const letters = LETTERS[letter];
    if (!letters) return part;
    return Array.from({ length: Number(min) }, () => letters[Math.floor(next() * letters.length)]).join('');
  });
  return parts.join('');
}

/** Of the shortest allowed length, with capitals, small letters and digits where the notation has them. */
function sample(notation: string, seed: number): string {
  const next = numbers(seed);
  const needed = [/[0-9]/, /[a-z]/, /[A-Z]/];
  for (;;) {
    const tries = Array.from({ length: 50 }, () => fill(notation, next));
    const shown = (text: string) => needed.filter((sign) => sign.test(text)).length;
    return tries.reduce((best, each) => (shown(each) > shown(best) ? each : best));
  }
}

const tokens: Sample[] = TOKEN_RULES.flatMap(({ id, prefixes, body, proof }, index) =>
  prefixes.map((prefix, each) => {
    const random = sample(body, index * 31 + each + 1);
    const secret =
      prefix + (proof === 'crc' ? random.slice(0, -6) + checkDigits(random.slice(0, -6)) : random);
    return { rule: id, text: `use ${secret} now`, secret };
  }),
);
const infixes: Sample[] = INFIX_RULES.map(({ id, token }, index) => {
  const secret = sample(token, index + 7);
  return { rule: id, text: `use ${secret} now`, secret };
});
const named: Sample[] = NAMED_RULES.map(({ id, names, value }, index) => {
  const secret = sample(value.split(' | ')[0] ?? '', index + 11);
  return { rule: id, text: `${names[0]} api_token = "${secret}"`, secret };
});

/** At least one for every rule, the same in every run. */
export const SAMPLES: readonly Sample[] = [...tokens, ...infixes, ...named];
