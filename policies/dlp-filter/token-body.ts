/**
 * How the part of a token after its prefix is written down: parts with a space between them, each an alphabet with its
 * count (`w36`, `h20-40`) or signs that stand for themselves (`-`, `.atlasv1.`).
 */
export interface TokenBody {
  /** Sticky: the whole body. */
  readonly whole: RegExp;
  /** Sticky: matches when the text ends before the body does. */
  readonly growing: RegExp;
  /** A further letter or digit makes it something else. Only very long bodies may be cut off by their bound. */
  readonly bounded: boolean;
}

const ALPHABETS: Readonly<Record<string, string>> = {
  a: 'A-Za-z',
  b: 'A-Za-z0-9+/',
  B: 'A-Za-z0-9+/=\\r\\n',
  c: 'A-Za-z0-9+/=_-',
  d: '0-9',
  e: '=',
  D: 'A-Za-z0-9_.-',
  h: 'a-f0-9',
  H: 'A-Fa-f0-9',
  l: 'a-z0-9',
  m: 'MNO',
  n: '\\r\\n',
  p: 'A-Za-z0-9%',
  s: ' ',
  u: 'A-Za-z0-9_-',
  U: 'A-Z0-9',
  w: 'A-Za-z0-9',
  W: 'A-Za-z0-9_',
  z: 'A-Za-z0-9_~.-',
};
/** From here on a bound only limits the work. */
const OPEN_END = 200;
const COUNTED = /^([a-zA-Z])([0-9]+)(?:-([0-9]+))?$/;

interface Part {
  readonly pattern: string;
  readonly min: number;
  readonly max: number;
}

/** Compiles a body once, when the rules are loaded. */
export function compileBody(source: string): TokenBody {
  const parts = source.split(' ').map(toPart);
  return {
    whole: new RegExp(parts.map(times).join(''), 'y'),
    growing: new RegExp(growingFrom(parts), 'y'),
    bounded: parts.every(({ max }) => max < OPEN_END),
  };
}

/** The same body as the whole of a value. */
export function compileValue(source: string): RegExp {
  return new RegExp(`^(?:${source.split(' | ').map(alternative).join('|')})$`);
}

const alternative = (source: string) => source.split(' ').map(toPart).map(times).join('');

function toPart(source: string): Part {
  const [, letter = '', min = '', max = min] = COUNTED.exec(source) ?? [];
  const alphabet = ALPHABETS[letter];
  if (alphabet) return { pattern: `[${alphabet}]`, min: Number(min), max: Number(max) };
  return { pattern: source, min: 1, max: 1 };
}

function times({ pattern, min, max }: Part): string {
  return pattern.startsWith('[') ? `${pattern}{${min},${max}}` : escapeSigns(pattern);
}

/** Ends inside the first part, or has it whole and ends inside the rest. */
function growingFrom(parts: readonly Part[]): string {
  const [first, ...rest] = parts;
  if (!first) return '$';
  const inside = beginningOf(first);
  return rest.length === 0 ? `${inside}$` : `(?:${inside}$|${times(first)}${growingFrom(rest)})`;
}

function beginningOf({ pattern, max }: Part): string {
  if (pattern.startsWith('[')) return `${pattern}{0,${max}}`;
  return Array.from(pattern).reduceRight((rest, sign) => `(?:${escapeSigns(sign)}${rest})?`, '');
}

const escapeSigns = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
