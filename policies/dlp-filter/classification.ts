import type { Term } from '#core/text/term-finder.ts';

export const SENSITIVITY = ['standard', 'high', 'restricted'] as const;
export type Sensitivity = (typeof SENSITIVITY)[number];

/** Marks that documents carry; a level includes the marks of the levels before it. */
const MARKS: Readonly<Record<Sensitivity, readonly string[]>> = {
  standard: [],
  high: [
    'top secret',
    'strictly confidential',
    'highly confidential',
    'streng geheim',
    'streng vertraulich',
    'attorney client privileged',
    'trade secret',
    'secret noforn',
    'tlp red',
    'for your eyes only',
    'strictement confidentiel',
    'estrictamente confidencial',
  ],
  restricted: [
    'company confidential',
    'confidential do not distribute',
    'internal use only',
    'for internal use only',
    'do not distribute',
    'not for distribution',
    'proprietary and confidential',
    'confidential and proprietary',
    'nur für den internen gebrauch',
    'vertraulich',
    'usage interne',
    'confidentiel',
    'uso interno',
    'confidencial',
    'official sensitive',
    'tlp amber',
    'classification confidential',
    'classified',
  ],
};

export function classificationTerms(level: Sensitivity): Term[] {
  return SENSITIVITY.slice(0, SENSITIVITY.indexOf(level) + 1).flatMap((each) =>
    MARKS[each].map((text) => ({ id: `dlp.classified.${each}`, text })),
  );
}
