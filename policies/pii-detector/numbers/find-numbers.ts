import { CHECKED, type FindOptions, LEFT_CONTEXT, type PersonalData, SHAPED } from '../entity.ts';
import { type NumberSpan, numberSpans } from './number-spans.ts';
import type { NumberScheme } from './scheme.ts';
import { NUMBER_ENTITIES, type NumberEntity, SCHEMES } from './schemes.ts';

/** Words for a national number of any country. */
const ANY_COUNTRY =
  'national (?:id|identi)|identity (?:card|number|no)|citizen (?:id|number)|personal (?:id|identi|number)|taxpayer|tax (?:id|number)|id card|government id';
const GENERIC = new Set(['NATIONALID', 'TAXID']);

const BY_SIZE = new Map<number, NumberEntity[]>();
for (const entity of NUMBER_ENTITIES) {
  for (const size of SCHEMES[entity].size) BY_SIZE.set(size, [...(BY_SIZE.get(size) ?? []), entity]);
}

const compiled = new Map<string, RegExp>();
const behind = new Map<string, RegExp>();

/** The words at the end of a text, with no digit between them and the end. */
function announces(words: string): RegExp {
  let pattern = compiled.get(words);
  if (!pattern) {
    pattern = new RegExp(`(?:${words})[^\\d]{0,32}$`, 'iu');
    compiled.set(words, pattern);
  }
  return pattern;
}

/** Numbers of the wanted kinds that start at or after `at`; one kind for each place. */
export function findNumbers(text: string, at: number, { entities, whole }: FindOptions): PersonalData[] {
  return numberSpans(text, at).flatMap((span) => {
    const entity = kindOf(text, span, entities, whole);
    return entity ? [toData(entity, span)] : [];
  });
}

function toData(entity: NumberEntity, { start, end, compact }: NumberSpan): PersonalData {
  return { entity, start, end, canonical: compact, rank: SCHEMES[entity].valid ? CHECKED : SHAPED };
}

function kindOf(
  text: string,
  span: NumberSpan,
  wanted: ReadonlySet<string>,
  whole: boolean,
): NumberEntity | undefined {
  const possible = (BY_SIZE.get(span.compact.length) ?? []).filter(
    (entity) => wanted.has(entity) && isValid(SCHEMES[entity], span.compact),
  );
  if (possible.length === 0) return undefined;
  const before = text.slice(Math.max(0, span.start - LEFT_CONTEXT), span.start);
  return (
    possible.find((entity) => announces(SCHEMES[entity].words).test(before)) ??
    possible.find((entity) => SCHEMES[entity].bare?.test(text.slice(span.start, span.end))) ??
    (announces(ANY_COUNTRY).test(before) ? possible.find(isNational) : undefined) ??
    (whole ? possible.find((entity) => explains(text, span.end, SCHEMES[entity])) : undefined)
  );
}

/** `943 476 5919 is my NHS number`: words right behind, where nothing more will come. */
function explains(text: string, end: number, { words }: NumberScheme): boolean {
  let pattern = behind.get(words);
  if (!pattern) {
    pattern = new RegExp(
      `^[ ,(]{1,2}(?:is |\\u00e4r |ist )?(?:my |the |a |your |mein(?:e)? |mitt |v\\u00e5rt )?(?:${words})`,
      'iu',
    );
    behind.set(words, pattern);
  }
  return pattern.test(text.slice(end, end + LEFT_CONTEXT));
}

const isNational = (entity: NumberEntity) =>
  GENERIC.has(SCHEMES[entity].label) && SCHEMES[entity].valid !== undefined;

function isValid({ shape, valid }: NumberScheme, compact: string): boolean {
  return shape.test(compact) && (valid?.(compact) ?? true);
}
