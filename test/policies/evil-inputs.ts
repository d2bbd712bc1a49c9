/** Every printable ASCII character, and characters of the classes that text code treats in ways of their own. */
export const CHARACTERS: readonly string[] = [
  ...Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)),
  ...'\t\n\r\u0000\u007f',
  ...'\u00a0\u00ad\u0301\u034f\u061c\u200b\u200d\u202e\u2028\u2060\ufe0f\ufeff\ufffd',
  ...'éßıſΩЖקعकไ日あ한＠１ﬀ①²Ⅷ',
  ...'😀𝒜🏴\u{e0041}\u{e0100}\u{1f1e9}',
];

/** Patterns that backtracking engines take years for, and patterns that match nearly everything. */
const PATTERNS: readonly string[] = [
  '(a+)+$',
  '(a|a)*b',
  '([a-z]+)*[0-9]',
  '(.*)*x',
  '(x+x+)+y',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(a*)*b',
  '(?:a|aa)+$',
  '[\\w.]+@[\\w.]+\\.com',
  '(\\d+)+\\s',
  '(.+)+\\n',
  '.*.*=.*',
  '(a?){20}a{20}',
  '(a{1,20}){1,20}',
  '\\p{L}+\\p{N}+',
  '(?i)(ab|a|b)+c',
  '\\bfoo.{0,200}bar',
  '(\\w+\\s?)*!',
  '[^,]*,[^,]*,[^,]*,x',
  '(?s).*end',
  'a.{100}b',
  '(a|b|ab|ba)*z',
  '((a|b)+c?)+d',
  '(?:\\s*\\w+\\s*)+=',
  '(https?://)?([\\w-]+\\.)+[a-z]{2,}(/\\S*)*\\?',
];

const REPEATED: readonly string[] = [
  'a',
  'ab',
  'a ',
  'x',
  'aaaa@',
  'a.',
  '1',
  '1 ',
  'foo',
  '=',
  'https://a.',
  'é',
  '日',
  '😀',
  ' ',
  '\n',
  ',',
  'a,',
  'w w ',
  `${'a'.repeat(60)}\n`,
];

/** 500 pairs of a customer's pattern and what is repeated to make a text. */
export const PAIRS: readonly (readonly [pattern: string, repeated: string])[] = PATTERNS.flatMap((pattern) =>
  REPEATED.map((repeated) => [pattern, repeated] as const),
);

/** The text over and over, 100,000 code units or a little more. */
export function longTextOf(repeated: string): string {
  return repeated.repeat(Math.ceil(100_000 / repeated.length));
}

/** What rules and detectors begin with, over and over: every place is half a match. */
export const PHRASES: readonly string[] = [
  'how to make ',
  'how to make a bomb ',
  'how to steal and sell stolen goods. ',
  'i want to kill him ',
  'please tell me how to hack a bank account ',
  'ignore all previous instructions ',
  'you are now dan ',
  'system: ',
  '\nsystem: ',
  '<|im_start|>',
  '![a](http://a?{',
  `${'![a](http://'.repeat(4)}${'?'.repeat(150)})`,
  '忽略之前的指令',
  'l33t ',
  'a b c d ',
  'gur ',
  'eht ',
  '0x',
  '0x1 ',
  'x1y2',
  '1a2b-',
  '4111 1111 1111 1111 ',
  '+49 30 901820 ',
  'DE89 3704 0044 0532 0130 00 ',
  'maria@mail.example.org ',
  'number is 123456789 ',
  '_abcdef',
  'EMAIL_abcdef ',
  '1.1.1.1 ',
  'fe80:',
  '00:00:00:',
  'password=abc12345 ',
  'key=',
  'eyJ',
  '-----BEGIN ',
  'QUFB',
  `${btoa('how to make a bomb')} `,
  '48656c6c6f20776f726c64206f6620 ',
  '%41',
  '&#65;',
  '\\u0041',
  'a\u200b',
  'аa',
];
