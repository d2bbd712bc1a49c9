import { isInvisible } from '#core/text/invisible.ts';
import { ViewWriter } from '#core/text/view-text.ts';
import type { View } from '#core/text/views.ts';

/** Anything that this view would change. */
const CHANGES =
  /[\u00ad\u034f\u061c\u115f-\u1160\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\uff01-\uff5e\u{1d400}-\u{1d7ff}\u{e0000}-\u{e01ef}]/u;

/**
 * The text without invisible characters and with full-width and mathematical letters as plain ones. Unlike the normal view it
 * keeps capitals, which tokens are made of. Undefined when it is the text itself.
 */
export function plainView(text: string): View | undefined {
  if (!CHANGES.test(text)) return undefined;
  const writer = new ViewWriter('normal');
  let at = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    if (!isInvisible(code)) writer.write(plain(letter, code), at);
    at += letter.length;
  }
  return writer.finish(text.length);
}

function plain(letter: string, code: number): string {
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0);
  return code >= 0x1d400 && code <= 0x1d7ff ? letter.normalize('NFKC') : letter;
}
