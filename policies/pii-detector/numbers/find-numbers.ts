import { CHECKED, type DigitRuns, type FindOptions, type PersonalData, SHAPED } from '../entity.ts';
import { type NumberSpan, numberSpans } from './number-spans.ts';
import type { NumberScheme } from './scheme.ts';
import { NUMBER_ENTITIES, type NumberEntity, SCHEMES } from './schemes.ts';
import { announces, explains, wordsBefore, wordsBehind } from './words-around.ts';

/** Words for a national number of any country. */
const ANY_COUNTRY =
  'national[ _-]?(?:id|identi)|identity[ _-]?(?:card|number|no)|citizen[ _-]?(?:id|number)|personal[ _-]?(?:id|identi|number)|tax ?payer|tax[ _-]?(?:id|number)|\\bid[ _-]?card|government[ _-]?id';
const ANY_COUNTRY_LABELS: ReadonlySet<string> = new Set(['NATIONALID', 'TAXID']);

interface Kind extends NumberScheme {
  readonly entity: NumberEntity;
}

/** Kinds by length: those with a check before those of one country before all others; the most specific names a number. */
type BySize = ReadonlyMap<number, readonly Kind[]>;

interface Index {
  /** Of digits only, and with letters in it. */
  readonly plain: BySize;
  readonly mixed: BySize;
  /** Those of them that need no word around them. */
  readonly barePlain: BySize;
  readonly bareMixed: BySize;
}

const indexes = new WeakMap<ReadonlySet<string>, Index>();

function indexOf(wanted: ReadonlySet<string>): Index {
  let index = indexes.get(wanted);
  if (!index) {
    const kinds = NUMBER_ENTITIES.filter((entity) => wanted.has(entity)).map(
      (entity): Kind => ({ entity, ...SCHEMES[entity] }),
    );
    const mixed = kinds.filter(({ shape }) => /[A-Z]/.test(shape.source));
    const isBare = ({ bare }: Kind) => bare !== undefined;
    index = {
      plain: bySize(kinds),
      mixed: bySize(mixed),
      barePlain: bySize(kinds.filter(isBare)),
      bareMixed: bySize(mixed.filter(isBare)),
    };
    indexes.set(wanted, index);
  }
  return index;
}

function bySize(kinds: readonly Kind[]): BySize {
  const certainty = ({ valid, region }: Kind) => (valid ? 2 : 0) + (region ? 1 : 0);
  const sorted = kinds.toSorted((a, b) => certainty(b) - certainty(a));
  const sizes = new Map<number, Kind[]>();
  for (const kind of sorted)
    for (const size of kind.size) sizes.set(size, [...(sizes.get(size) ?? []), kind]);
  return sizes;
}

/** Numbers of the wanted kinds that start at or after `at`; one kind for each place. */
export function findNumbers(
  text: string,
  at: number,
  { entities, whole }: FindOptions,
  digits: DigitRuns,
): PersonalData[] {
  const found: PersonalData[] = [];
  const index = indexOf(entities);
  let start = -1;
  let before: string | undefined;
  for (const span of numberSpans(text, at, digits)) {
    if (span.start !== start) {
      start = span.start;
      before = wordsBefore(text, start);
    }
    const after = whole ? wordsBehind(text, span.end) : undefined;
    const kind = kindOf(text, span, { before, after }, index);
    if (kind) found.push(toData(kind, span));
  }
  return found;
}

function toData({ entity, valid }: Kind, { start, end, compact }: NumberSpan): PersonalData {
  return { entity, start, end, canonical: compact.toUpperCase(), rank: valid ? CHECKED : SHAPED };
}

interface Words {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

function kindOf(text: string, span: NumberSpan, words: Words, index: Index): Kind | undefined {
  const mixed = /[A-Za-z]/.test(span.compact);
  const compact = mixed ? span.compact.toUpperCase() : span.compact;
  const shown = text.slice(span.start, span.end);
  if (words.before === undefined && words.after === undefined) {
    const bare = (mixed ? index.bareMixed : index.barePlain).get(compact.length);
    return bare?.find((kind) => kind.bare?.test(shown) && isValid(kind, compact) && isSure(kind, compact));
  }
  const possible = (mixed ? index.mixed : index.plain)
    .get(compact.length)
    ?.filter((kind) => isValid(kind, compact));
  if (!possible || possible.length === 0) return undefined;
  return (
    possible.find((kind) => isNamed(kind.words, words)) ??
    possible.find((kind) => kind.bare?.test(shown) && isSure(kind, compact)) ??
    possible.find((kind) => isOfAnyCountry(kind) && isNamed(ANY_COUNTRY, words))
  );
}

function isNamed(words: string, { before, after }: Words): boolean {
  return (
    (before !== undefined && announces(words, before)) || (after !== undefined && explains(words, after))
  );
}

const isOfAnyCountry = ({ label, valid }: Kind) => ANY_COUNTRY_LABELS.has(label) && valid !== undefined;

/** Binary numbers keep any check digit too often, and the milliseconds since 1970 look like dates of birth. */
const isSure = ({ bareValid }: Kind, compact: string) =>
  !/^(?:[01]+|1[4-9]\d{11})$/.test(compact) && (bareValid === undefined || bareValid(compact));

const isValid = ({ shape, valid }: Kind, compact: string) =>
  shape.test(compact) && (valid === undefined || valid(compact));
