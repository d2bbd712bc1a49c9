import { type EntityFinder, SHAPED } from './entity.ts';

/** What stands before the name; never longer than the left context. */
const LABEL =
  /(?:card[ _-]?holder(?:'s)?(?:[ _-]?name)?|name on (?:the |my )?card|karteninhaber(?:in)?|titulaire(?: de la carte)?|titular(?: de la tarjeta)?)(?: is)?["']? ?[:=]? ?["']?/gi;
const NAME = /(?:\p{Lu}[\p{L}'’-]{0,30}|\p{Lu}\.)(?: (?:\p{Lu}[\p{L}'’-]{0,30}|\p{Lu}\.)){1,3}/uy;
const OPEN = /^(?:(?:\p{Lu}[\p{L}'’-]{0,30}|\p{Lu}\.?)(?: |$)){0,4}$/u;
const MAX_SHOWN = 140;

/** The name on a payment card, where the text says that it is one. */
export const cardholders: EntityFinder = {
  entity: 'cardholder',
  find: (text, at) =>
    labelEnds(text, 0).flatMap((start) => {
      NAME.lastIndex = start;
      const shown = NAME.exec(text)?.[0];
      if (start < at || shown === undefined) return [];
      const canonical = shown.toLowerCase();
      return [{ entity: 'cardholder', start, end: start + shown.length, canonical, rank: SHAPED }];
    }),
  open(text, at) {
    const base = Math.max(0, text.length - MAX_SHOWN);
    const first = labelEnds(text, base).find((start) => start >= at && OPEN.test(text.slice(start)));
    return first ?? text.length;
  },
};

function labelEnds(text: string, base: number): number[] {
  const near = base === 0 ? text : text.slice(base);
  return Array.from(near.matchAll(LABEL), ({ 0: label, index }) => base + index + label.length);
}
