import { ViewWriter } from './view-text.ts';
import type { View } from './views.ts';

/** `%69`, `&#105;` `&#x69;` `&lt;`, `\u0069`, `\x69`: a character written as an escape. */
const ESCAPE =
  /(?:%[0-9A-Fa-f]{2}){1,512}|&#(?:x[0-9A-Fa-f]{1,6}|[0-9]{1,7});|&(?:lt|gt|amp|quot|apos|nbsp);|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}/g;
const NAMED: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&apos;': "'",
  '&nbsp;': ' ',
};

/** The text with its escapes resolved, or undefined when it has none. */
export function decodeEscapes(text: string): View | undefined {
  if (!/%[0-9A-Fa-f]{2}|&[#a-z]|\\[ux][0-9A-Fa-f]/.test(text)) return undefined;
  const writer = new ViewWriter('decoded', text.length);
  let copied = 0;
  let changed = false;
  for (const match of text.matchAll(ESCAPE)) {
    const decoded = resolve(match[0]);
    if (decoded === undefined) continue;
    copy(writer, text, copied, match.index);
    writer.write(decoded, match.index);
    copied = match.index + match[0].length;
    changed = true;
  }
  if (!changed) return undefined;
  copy(writer, text, copied, text.length);
  return writer.finish(text.length);
}

const utf8 = new TextDecoder();

function copy(writer: ViewWriter, text: string, start: number, end: number): void {
  writer.writeFrom(text.slice(start, end), undefined, start);
}

function resolve(written: string): string | undefined {
  if (written.startsWith('%')) return percent(written);
  if (written.startsWith('&#x')) return codePoint(Number.parseInt(written.slice(3), 16));
  if (written.startsWith('&#')) return codePoint(Number.parseInt(written.slice(2), 10));
  if (written.startsWith('&')) return NAMED[written];
  return String.fromCharCode(Number.parseInt(written.slice(2), 16));
}

/** Bytes that are no text become a sign for that: they must not keep what stands beside them from being read. */
function percent(run: string): string {
  const bytes = new Uint8Array(run.length / 3);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = Number.parseInt(run.slice(i * 3 + 1, i * 3 + 3), 16);
  return utf8.decode(bytes);
}

function codePoint(code: number): string | undefined {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
