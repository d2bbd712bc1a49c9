import { wordsBefore } from './numbers/words-around.ts';

/** Words that are about telephones wherever they stand before a number. */
const DEVICE =
  'phone|tel|telephone|telefon|telefono|teléfono|telefone|téléphone|mobile|mobil|handy|móvil|movil|portable|celular|cellulare|cell|fax|whatsapp|sms|hotline|rufnummer|contact number|cep no|電話|电话|手机|手機|携帯|전화';
/** What people do with a number. */
const DEED =
  'call(?:ed|ing)? (?:me|us|him|her|them|back)|reach (?:me|us|him|her|them)|contact (?:me|us|him|her|them)|text (?:me|us|him|her|them)|ring (?:me|us|him|her|them)|(?:call|text|ring|message)s?(?:ed|ing)? (?:at|on|to|from)|answer(?:ing)? (?:at|on)|messages? (?:to|from|at|on)|dial(?:led|ing)?|anrufen|appelez|llame|chiam[ia](?:mi|re)?|ligue';
const OWNED =
  "(?:my|his|her|our|your|their|'s|s') (?:(?:new|old|cell|home|work|office|direct|private|current|other|best) ){0,2}number(?: (?:is|was|has changed|changed|to|now)){0,3}";
const BEFORE = new RegExp(
  `(?:${DEVICE}|${DEED}|${OWNED})(?![a-z])[^\\d]{0,20}$|\\b(?:desk|office|work|home|direct|main|cell): {0,2}$`,
  'i',
);
/** Words behind a number in contact details and complaints. */
const BEHIND =
  /^ {1,2}\(?(?:office|fax|mobile|cell|home|work|desk|phone)\b|^ is (?:my|his|her|our|their|the) (?:(?:new|old|cell|home|work|office|direct|private|current|other|best) ){0,2}number|^ (?:is not|isn't|does not|doesn't|did not|didn't) (?:answer|pick)/i;
const MAX_BEHIND = 40;

/** What stands around a number. */
export interface Surroundings {
  readonly named: () => boolean;
  /** More digits stand right before, so only a shape of its own makes this a number of its own. */
  readonly continues: boolean;
  /** No more digits follow, and no block of an account number stands before. */
  readonly alone: () => boolean;
  readonly region: string | undefined;
}

/** What stands before a number, looked at when it matters. */
export function surroundings(text: string, start: number, region: string | undefined): Surroundings {
  let named: boolean | undefined;
  return {
    named: () => {
      named ??= BEFORE.test(wordsBefore(text, start) ?? '');
      return named;
    },
    alone: () => !/[A-Z]{3} $|\d[A-Z]+ $|[A-Z]\d\d? $/.test(text.slice(Math.max(0, start - 24), start)),
    continues: /\d[ \-./()\u00a0]{1,2}$/.test(text.slice(Math.max(0, start - 3), start)),
    region,
  };
}

/** The words right behind a number say that it is a telephone's. */
export function isNamedBehind(text: string, end: number): boolean {
  return text[end] === ' ' && BEHIND.test(text.slice(end, end + MAX_BEHIND));
}
