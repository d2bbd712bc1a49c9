import { isStandIn } from './randomness.ts';
import type { Secret, SecretRule } from './secret-rule.ts';
import { compileBody } from './token-body.ts';
import { isWordSign } from './word-start.ts';

/** Tokens known by signs in their middle. */
export interface InfixRule extends SecretRule {
  /** What a token begins with, so that a longer run of it is something else. */
  readonly letters: RegExp;
  readonly middle: string;
  /** The most signs before the middle. */
  readonly before: number;
  /** The whole token in the notation of token-body.ts. */
  readonly token: string;
}

const AZURE = 'Microsoft Azure';

/** Every rule for tokens without a prefix. */
export const INFIX_RULES: readonly InfixRule[] = [
  rule('azure_client_secret', AZURE, 'Entra ID client secret', /[\w~.-]/, 'Q~', 4, 'z3 d1 Q~ z31-34'),
  rule('azure_service_key', AZURE, 'identifiable service key', /[A-Za-z0-9]/, 'JQQJ99', 52, 'w52 JQQJ99 w26'),
  rule('telegram_token', 'Telegram', 'bot token', /[0-9]/, ':AA', 10, 'd8-10 :AA u32-35'),
  rule('mailchimp_key', 'Mailchimp', 'API key', /[A-Za-z0-9]/, '-us', 32, 'h32 -us d1-2'),
  rule('facebook_app_token', 'Meta', 'app access token', /[0-9]/, '|', 17, 'd13-17 | u27-40'),
  rule('discord_token', 'Discord', 'bot token', /[\w-]/, '.', 28, 'm1 u22-27 . u6 . u27-45'),
];

function rule(
  id: string,
  issuer: string,
  description: string,
  letters: RegExp,
  middle: string,
  before: number,
  token: string,
): InfixRule {
  return { id: `secret.${id}`, issuer, description, letters, middle, before, token };
}

const COMPILED = INFIX_RULES.map((one) => ({
  ...one,
  isLetter: Uint8Array.from({ length: 128 }, (_, code) =>
    Number(one.letters.test(String.fromCharCode(code))),
  ),
  body: compileBody(one.token),
}));
type Compiled = (typeof COMPILED)[number];

/** The longest of these tokens is shorter; what is open began no earlier. */
const LONGEST = 128;

/** Tokens that start at or after `at`; may overlap. */
export function findInfixTokens(text: string, at: number): Secret[] {
  const found: Secret[] = [];
  for (const one of COMPILED) {
    for (
      let middle = text.indexOf(one.middle, at);
      middle >= 0;
      middle = text.indexOf(one.middle, middle + 1)
    ) {
      const secret = tokenAround(one, text, middle);
      if (secret && secret.start >= at) found.push(secret);
    }
  }
  return found;
}

/** The first position ≥ `at` of something that more text could turn into such a token. */
export function openInfixToken(text: string, at: number): number {
  for (let start = Math.max(at, text.length - LONGEST); start < text.length; start += 1) {
    if (COMPILED.some((one) => mayGrow(one, text, start))) return start;
  }
  return text.length;
}

function tokenAround(
  { id, isLetter, before, body }: Compiled,
  text: string,
  middle: number,
): Secret | undefined {
  let start = middle;
  while (start > 0 && middle - start <= before && isLetter[text.charCodeAt(start - 1)]) start -= 1;
  if (start === middle || middle - start > before) return undefined;
  body.whole.lastIndex = start;
  if (!body.whole.test(text)) return undefined;
  const end = body.whole.lastIndex;
  if (isWordSign(text.charCodeAt(end)) || isStandIn(text.slice(start, end))) return undefined;
  return { start, end, rule: id };
}

function mayGrow({ isLetter, body }: Compiled, text: string, start: number): boolean {
  if (!isLetter[text.charCodeAt(start)] || (start > 0 && isLetter[text.charCodeAt(start - 1)])) return false;
  body.growing.lastIndex = start;
  return body.growing.test(text);
}
