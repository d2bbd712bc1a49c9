import { africaMiddleEast } from './africa-middle-east.ts';
import { americas } from './americas.ts';
import { asiaPacific } from './asia-pacific.ts';
import { europeEast } from './europe-east.ts';
import { europeNorthSouth } from './europe-north-south.ts';
import { europeWest } from './europe-west.ts';
import { international } from './international.ts';
import type { NumberScheme } from './scheme.ts';
import { unitedStates } from './united-states.ts';

const ALL = {
  ...international,
  ...unitedStates,
  ...americas,
  ...europeWest,
  ...europeNorthSouth,
  ...europeEast,
  ...asiaPacific,
  ...africaMiddleEast,
} as const;

/** Every kind of identity, tax, health, account and device number. */
export type NumberEntity = keyof typeof ALL;

/** Kind → how it is written and checked. */
export const SCHEMES: Readonly<Record<NumberEntity, NumberScheme>> = ALL;
export const NUMBER_ENTITIES = Object.keys(ALL) as NumberEntity[];

/** Countries whose numbers are known. */
export const REGIONS = [...new Set(NUMBER_ENTITIES.flatMap((entity) => SCHEMES[entity].region ?? []))].sort();
