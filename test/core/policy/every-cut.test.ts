import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { FieldInspector } from '#core/policy/scanner.ts';
import { createInputText } from '#core/text/build-views.ts';
import { catalogue } from '#policies/catalogue.ts';
import { vectors as dlpFilter } from '../../policies/dlp-filter.vectors.ts';
import { vectors as piiDetector } from '../../policies/pii-detector.vectors.ts';
import { vectors as safetyFilter } from '../../policies/safety-filter.vectors.ts';
import { EveryCut, outcomeOf } from './every-cut.ts';
import { expectedOf } from './expected-guard.ts';
import { digits, inChain, keys, phrase, tokens } from './sample-inspectors.ts';
import { facts } from './sample-policies.ts';

/** GUARD_RUNS=200000 for the long run: all texts of up to twelve letters, every positive, every window. */
const LONG = Number(process.env['GUARD_RUNS'] ?? 20_000) > 20_000;
const LONGEST = LONG ? { two: 12, three: 11, four: 9 } : { two: 12, three: 7, four: 5 };
const SAMPLED = LONG ? 20_000 : 300;
const WINDOW = 12;
const TIME = LONG ? 3_600_000 : 120_000;

const SAMPLES = [
  inChain(phrase('a b', { action: 'redact', replacement: '[p]' }), 0),
  inChain(digits({ action: 'redact', replacement: '[d]' }), 1),
  inChain(keys({ action: 'block' }), 2),
  inChain(tokens(), 3),
  inChain(phrase('b a', { action: 'flag' }), 4, { holds: false }),
];

/** Every text over the alphabet up to that length; texts that begin alike share what is known about their beginning. */
function visitAll(
  cut: EveryCut,
  alphabet: readonly string[],
  left: number,
  look: (cut: EveryCut) => void,
): void {
  if (left === 0) return;
  for (const letter of alphabet) {
    const longer = cut.with(letter);
    look(longer);
    visitAll(longer, alphabet, left - 1, look);
  }
}

/** All 2^(n-1) ways of cutting a text. */
function everyWay(text: string): string[][] {
  return Array.from({ length: 2 ** (text.length - 1) }, (_, mask) => {
    const pieces = [''];
    for (const [i, letter] of text.split('').entries()) {
      if (i > 0 && (mask >> (i - 1)) & 1) pieces.push('');
      pieces.push(`${pieces.pop()}${letter}`);
    }
    return pieces;
  });
}

function cutOf(text: string, inspectors: readonly FieldInspector[], before = ''): EveryCut {
  let cut = new EveryCut(inspectors, before);
  for (const letter of text.split('')) cut = cut.with(letter);
  return cut;
}

/** Throws with the pieces that come out differently. */
function expectOne(cut: EveryCut): void {
  const expected = JSON.stringify(expectedOf(cut.text, SAMPLES));
  for (const [outcome, pieces] of cut.outcomes())
    if (outcome !== expected) throw new Error(`${JSON.stringify(pieces)}: ${outcome} is not ${expected}`);
}

describe('no cut changes the answer', () => {
  test.each([
    [['a', 'b', ' '], LONGEST.three],
    [['1', 'a'], LONGEST.two],
    [['k', '-', 'a'], LONGEST.three],
    [['<', 'a', '1', '>'], LONGEST.four],
  ])(
    'of any text over %j up to %i characters',
    (alphabet, longest) => {
      visitAll(new EveryCut(SAMPLES), alphabet, longest, expectOne);
    },
    TIME,
  );

  test(
    `of ${SAMPLED} texts of twelve characters over all the signs that mean something`,
    () => {
      const sign = fc.constantFrom(...'ab12 <>k-.😀', '\ud83d');
      const texts = fc
        .array(sign, { minLength: 8, maxLength: 12 })
        .map((signs) => signs.join('').slice(0, 12));
      fc.assert(
        fc.property(texts, (text) => expectOne(cutOf(text, SAMPLES))),
        { numRuns: SAMPLED },
      );
    },
    TIME,
  );

  test('also when each of the 2^(n-1) ways is really tried', () => {
    for (const text of ['a b1111 k-', '<a1> 12345', 'ab a b a b', 'k-a1-k-ab1', '<b2>ab😀1']) {
      const tried = new Set(everyWay(text).map((pieces) => outcomeOf(pieces, SAMPLES)));
      expect([...tried]).toEqual([...cutOf(text, SAMPLES).outcomes().keys()]);
    }
  });

  test('and a cut that does is found: an inspector that lets go too early', () => {
    const early = { ...keys({ action: 'redact', replacement: '[k]' }), hold: (text: string) => text.length };
    expect(cutOf('go k-ab12 now', [inChain(early, 0)]).outcomes().size).toBeGreaterThan(1);
  });
});

const CHAIN: readonly FieldInspector[] = [piiDetector, dlpFilter, safetyFilter].flatMap(
  ({ kind, settings }, index) => {
    const policy = catalogue.get(kind);
    const exchange = facts({
      input: createInputText([]),
      vault: new Map([['<EMAIL_zzz777>', 'jane@example.com']]),
    });
    const inspector = policy?.output?.(policy.settings.parse(settings), exchange).inspector?.('content');
    return inspector ? [inChain(inspector, index)] : [];
  },
);

/** Where the windows of a text begin: its beginning, its end, and in the long run all between. */
function windowsOf(text: string): number[] {
  const last = Math.max(0, text.length - WINDOW);
  const step = LONG ? 3 : Math.max(1, last);
  return [...new Set([...Array.from({ length: Math.ceil(last / step) }, (_, i) => i * step), last])];
}

test.each([piiDetector, dlpFilter, safetyFilter].map((vectors) => [vectors.kind, vectors] as const))(
  'no cut inside any twelve characters of a positive of %s changes what all output policies make of it',
  (_, { positives }) => {
    for (const [index, text] of positives.entries()) {
      if (!LONG && index % 4 !== 0) continue;
      const whole = outcomeOf([text], CHAIN);
      for (const start of windowsOf(text)) {
        const cut = cutOf(text.slice(start, start + WINDOW), CHAIN, text.slice(0, start));
        const outcomes = cut.outcomes(text.slice(start + WINDOW));
        expect([...outcomes.keys()]).toEqual([whole]);
      }
    }
  },
  TIME,
);
