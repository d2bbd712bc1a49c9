/** Twelve ways to write a text so that a person or a model can still read it and a careless filter cannot. */
export const TRANSFORMS: Readonly<Record<string, (text: string) => string>> = {
  'zero-width characters': (text) => [...text].join('\u200b'),
  'Cyrillic look-alikes': (text) => swap(text, 'aeopcxyiAEOPCXTHKMB', 'аеорсхуіАЕОРСХТНКМВ'),
  'full width': (text) => byCode(text, 0x21, 0x7e, (code) => code + 0xfee0),
  'mathematical bold': (text) => bold(text),
  'combining accents': (text) => text.replace(/[a-zA-Z]/g, '$&\u0301'),
  leetspeak: (text) => swap(text, 'aeiostAEIOST', '431057431057'),
  'spaced letters': (text) =>
    text
      .split(/\s+/)
      .map((word) => [...word].join(' '))
      .join('   '),
  hexadecimal: (text) =>
    Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join(''),
  'percent escapes': (text) =>
    Array.from(new TextEncoder().encode(text), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  rot13: (text) =>
    byCode(
      byCode(text, 0x61, 0x7a, (code) => ((code - 97 + 13) % 26) + 97),
      0x41,
      0x5a,
      (code) => ((code - 65 + 13) % 26) + 65,
    ),
  'tag characters': (text) => `Hello.${byCode(text, 0x20, 0x7e, (code) => code + 0xe0000)}`,
  base64: (text) => Buffer.from(text).toString('base64'),
  backwards: (text) => [...text].reverse().join(''),
};

function swap(text: string, from: string, to: string): string {
  const table = new Map([...from].map((letter, i) => [letter, [...to][i] ?? letter]));
  return [...text].map((letter) => table.get(letter) ?? letter).join('');
}

function byCode(text: string, first: number, last: number, map: (code: number) => number): string {
  const change = (letter: string) => {
    const code = letter.codePointAt(0) ?? 0;
    return code >= first && code <= last ? String.fromCodePoint(map(code)) : letter;
  };
  return [...text].map(change).join('');
}

function bold(text: string): string {
  return byCode(
    byCode(text, 0x61, 0x7a, (code) => code - 97 + 0x1d41a),
    0x41,
    0x5a,
    (code) => code - 65 + 0x1d400,
  );
}
