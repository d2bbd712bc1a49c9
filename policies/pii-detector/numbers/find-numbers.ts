import { CHECKED, type FindOptions, type PersonalData, SHAPED } from '../entity.ts';
import { type NumberSpan, numberSpans } from './number-spans.ts';
import type { NumberScheme } from './scheme.ts';
import { NUMBER_ENTITIES, type NumberEntity, SCHEMES } from './schemes.ts';
import { announces, explains, wordsBefore, wordsBehind } from './words-around.ts';

/** Words for a national number of any country. */
const ANY_COUNTRY =
  'national (?:id|identi)|identity (?:card|number|no)|citizen (?:id|number)|personal (?:id|identi|number)|taxpayer|tax (?:id|number)|id card|government id';
const ANY_COUNTRY_LABELS: ReadonlySet<string> = new Set(['NATIONALID', 'TAXID']);

/** Kinds by length; those with a check before those of one country before all others: the most specific names a number. */
const BY_SIZE = bySize(NUMBER_ENTITIES);
const WITH_LETTERS = NUMBER_ENTITIES.filter((entity) => /[A-Z]/.test(SCHEMES[entity].shape.source));
const MIXED_BY_SIZE = bySize(WITH_LETTERS);
/** Those of them that need no word around them. */
const BARE_BY_SIZE = bySize(NUMBER_ENTITIES.filter((entity) => SCHEMES[entity].bare));
const BARE_MIXED_BY_SIZE = bySize(WITH_LETTERS.filter((entity) => SCHEMES[entity].bare));

function bySize(entities: readonly NumberEntity[]): ReadonlyMap<number, readonly NumberEntity[]> {
  const certainty = ({ valid, region }: NumberScheme) => (valid ? 2 : 0) + (region ? 1 : 0);
  const sorted = entities.toSorted((a, b) => certainty(SCHEMES[b]) - certainty(SCHEMES[a]));
  const pairs = sorted.flatMap((entity) => SCHEMES[entity].size.map((size) => ({ size, entity })));
  return new Map(
    [...Map.groupBy(pairs, ({ size }) => size)].map(([size, same]) => [
      size,
      same.map(({ entity }) => entity),
    ]),
  );
}

/** Numbers of the wanted kinds that start at or after `at`; one kind for each place. */
export function findNumbers(text: string, at: number, options: FindOptions): PersonalData[] {
  const found: PersonalData[] = [];
  let start = -1;
  let before: string | undefined;
  for (const span of numberSpans(text, at)) {
    if (span.start !== start) {
      start = span.start;
      before = wordsBefore(text, start);
    }
    const entity = kindOf(text, span, before, options);
    if (entity) found.push(toData(entity, span));
  }
  return found;
}

function toData(entity: NumberEntity, { start, end, compact }: NumberSpan): PersonalData {
  const rank = SCHEMES[entity].valid ? CHECKED : SHAPED;
  return { entity, start, end, canonical: compact.toUpperCase(), rank };
}

function kindOf(
  text: string,
  { start, end, compact }: NumberSpan,
  before: string | undefined,
  { entities, whole }: FindOptions,
): NumberEntity | undefined {
  const after = whole ? wordsBehind(text, end) : undefined;
  const worded = before !== undefined || after !== undefined;
  const candidates = candidatesFor(compact, worded);
  if (!candidates) return undefined;
  const sign = compact.toUpperCase();
  const shown = text.slice(start, end);
  const possible = candidates.filter(
    (entity) => entities.has(entity) && isValid(SCHEMES[entity], sign, worded ? undefined : shown),
  );
  const named = (words: (entity: NumberEntity) => string) =>
    (before !== undefined && possible.find((entity) => announces(words(entity), before))) ||
    (after !== undefined && possible.find((entity) => explains(words(entity), after))) ||
    undefined;
  return (
    named((entity) => SCHEMES[entity].words) ??
    possible.find((entity) => standsAlone(SCHEMES[entity], shown, sign)) ??
    named((entity) => (isOfAnyCountry(SCHEMES[entity]) ? ANY_COUNTRY : '(?!)'))
  );
}

function candidatesFor(compact: string, worded: boolean): readonly NumberEntity[] | undefined {
  const mixed = /[A-Za-z]/.test(compact);
  if (worded) return (mixed ? MIXED_BY_SIZE : BY_SIZE).get(compact.length);
  return (mixed ? BARE_MIXED_BY_SIZE : BARE_BY_SIZE).get(compact.length);
}

const isOfAnyCountry = ({ label, valid }: NumberScheme) =>
  ANY_COUNTRY_LABELS.has(label) && valid !== undefined;

function standsAlone({ bare, bareValid }: NumberScheme, shown: string, compact: string): boolean {
  return bare?.test(shown) === true && (bareValid?.(compact) ?? true);
}

/** `shown`: the number must have a bare spelling as well. */
function isValid({ shape, valid, bare }: NumberScheme, compact: string, shown?: string): boolean {
  return (
    (shown === undefined || bare?.test(shown) === true) && shape.test(compact) && (valid?.(compact) ?? true)
  );
}
