import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FieldKind, Inspector } from '#core/policy/policy.ts';
import { catalogue } from '#policies/catalogue.ts';
import { vectors as dlp } from './dlp-filter.vectors.ts';
import { factsOf, inputOf } from './exchange.ts';
import { findInPieces, heldAfterEach, type OutputVectors } from './inspector-contract.ts';
import { vectors as pii } from './pii-detector.vectors.ts';
import { vectors as safety } from './safety-filter.vectors.ts';

const PLACEHOLDERS = ['<EMAIL_abc234>', 'email_abc234', 'Phone\\_zzzzzz>', '<CARD_234567>.', '(IBAN_a2b3c4)'];

function inspectorOf({ kind, settings }: OutputVectors, field: FieldKind = 'content'): Inspector {
  const policy = catalogue.get(kind);
  const facts = factsOf(inputOf('hello'));
  facts.vault.set('<EMAIL_abc234>', 'jane@example.com');
  facts.vault.set('<PHONE_zzzzzz>', '+49 30 901820');
  facts.vault.set('<CARD_234567>', '4111111111111111');
  const inspector = policy?.output?.(policy.settings.parse(settings), facts).inspector?.(field);
  if (!inspector) throw new Error(`${kind} does not look at ${field}`);
  return inspector;
}

const ORDINARY =
  'The deployment takes about ten minutes. First, open the console and pick the region where your users are; then choose ' +
  'a name for the stack (for example "orders-dev") and confirm. In 2024 we measured 1,250 requests per second, 3.5 times more ' +
  'than before. If something fails, read the log, fix the cause and try again. See https://docs.example.com/guide for more. ';

/** Own patterns hold whole lines and fuzzy terms whole words, which would hide a format that lets go too early. */
function light({ kind, settings, positives }: OutputVectors): OutputVectors {
  const { detect_patterns: _, fuzzy_matching: __, ...rest } = settings;
  const inspector = inspectorOf({ kind, settings: rest, positives });
  return {
    kind,
    settings: rest,
    positives: positives.filter((text) => inspector.find(text, 0, true).length > 0),
  };
}

/** Texts in which a detector once found more, or less, when they came in pieces. */
const ONCE_DIFFERENT = [
  'from 8.8.8.8 yes(12 76 451 089 46 B',
  'Her address is jürgen.müller@firma-köln.de.jane.doe+news@mail.example.oa(',
];

describe.each([
  ['pii-detector', pii],
  [
    'pii-detector with every mode',
    { ...pii, settings: { healthcare_mode: true, private_ips: true, default_region: 'DE' } },
  ],
  ['dlp-filter', light(dlp)],
  ['dlp-filter with own patterns', dlp],
  ['safety-filter', light(safety)],
  ['safety-filter with fuzzy terms', safety],
])('the answers inspector of %s', (_, vectors) => {
  const inspector = inspectorOf(vectors);

  it.each(vectors.positives)('finds something in %j', (text) => {
    expect(inspector.find(text, 0, true)).not.toEqual([]);
  });

  it.each(vectors.positives)('finds the same in %j cut at every position', (text) => {
    const whole = inspector.find(text, 0, true);
    for (let at = 0; at <= text.length; at += 1) {
      expect(findInPieces(inspector, [text.slice(0, at), text.slice(at)])).toEqual(whole);
    }
    expect(findInPieces(inspector, [...text])).toEqual(whole);
  });

  it.each(vectors.positives)('holds every match of %j until it is settled', (text) => {
    const whole = inspector.find(`${text} `, 0, true);
    for (let length = 1; length <= text.length; length += 1) {
      const hold = inspector.hold(text.slice(0, length), 0);
      const crossing = whole.filter(({ start, end }) => start < length && end >= length);
      for (const { start } of crossing) expect(hold).toBeLessThanOrEqual(start);
    }
  });

  it.each(ONCE_DIFFERENT)('finds the same in %j, sign by sign', (text) => {
    expect(findInPieces(inspector, [...text])).toEqual(inspector.find(text, 0, true));
  });

  it('finds the same however a text is cut', () => {
    const part = fc.oneof(
      fc.constantFrom(...vectors.positives, ...PLACEHOLDERS),
      fc
        .constantFrom(...vectors.positives)
        .chain((text) =>
          fc
            .tuple(fc.nat(text.length), fc.nat(text.length))
            .map(([a, b]) => text.slice(Math.min(a, b), Math.max(a, b))),
        ),
      fc.string({ unit: fc.constantFrom(...'0123456789 -.+()/@:abAB_<>\n'), maxLength: 24 }),
      fc.constantFrom(' ', '. ', '\n', ', ', '-', 'https://x.io/?q=', 'é', '日本', '😀'),
    );
    const text = fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''));
    const cuts = fc.array(fc.nat(400), { maxLength: 12 });
    fc.assert(
      fc.property(text, cuts, (whole, places) => {
        const expected = inspector.find(whole, 0, true);
        expect(findInPieces(inspector, cut(whole, places))).toEqual(expected);
        expect(
          findInPieces(
            inspector,
            Array.from({ length: whole.length }, (_, i) => whole[i] ?? ''),
          ),
        ).toEqual(expected);
      }),
      { numRuns: Number(process.env['KT_RUNS'] ?? 250) },
    );
  });

  it('holds hardly anything of ordinary text', () => {
    const held = heldAfterEach(inspectorOf(light(vectors)), [...ORDINARY]);
    const sorted = held.toSorted((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(6);
    expect(sorted.at(-1)).toBeLessThanOrEqual(80);
  });
});

function cut(text: string, places: readonly number[]): string[] {
  const sorted = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...sorted].map((start, i) => text.slice(start, sorted[i] ?? text.length));
}
