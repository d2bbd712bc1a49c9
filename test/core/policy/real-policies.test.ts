import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { AnswerPiece } from '#core/policy/answer.ts';
import { createAnswerGuard } from '#core/policy/answer-guard.ts';
import type { FieldKind } from '#core/policy/policy.ts';
import { createInputText } from '#core/text/build-views.ts';
import { catalogue } from '#policies/catalogue.ts';
import { vectors as dlpFilter } from '../../policies/dlp-filter.vectors.ts';
import type { OutputVectors } from '../../policies/inspector-contract.ts';
import { vectors as piiDetector } from '../../policies/pii-detector.vectors.ts';
import { vectors as safetyFilter } from '../../policies/safety-filter.vectors.ts';
import { facts, step } from './sample-policies.ts';

/** The long run (GUARD_RUNS=200000) gives every positive 1 to 4 choices; the normal one spreads them and takes a quarter of the positives outside content. */
const RUNS = Number(process.env['GUARD_RUNS'] ?? 20_000) / 10;

type Field = Extract<FieldKind, 'content' | 'reasoning' | 'tool-arguments'>;

/** One answer of `choices` choices that all say the same in the same pieces. */
function answer(
  policies: readonly OutputVectors[],
  field: Field,
  choices: number,
  pieces: readonly string[],
) {
  const chain = policies.map(({ kind, settings }) =>
    step(kind, { settings: catalogue.get(kind)?.settings.parse(settings), timeout_ms: 60_000 }),
  );
  const exchange = facts({
    input: createInputText([]),
    vault: new Map([['<EMAIL_zzz777>', 'jane@example.com']]),
  });
  const guard = createAnswerGuard({ steps: chain, catalogue, facts: exchange, now: () => 0 });
  const released: AnswerPiece[] = [];
  for (const text of pieces) {
    for (let choice = 0; choice < choices; choice += 1) {
      released.push(...guard.push({ choice, kind: field, text }).released);
    }
  }
  const { released: last, outcome } = guard.finish(['stop']);
  const texts = Array.from({ length: choices }, (_, choice) =>
    [...released, ...last]
      .filter((piece) => piece.choice === choice)
      .map(({ text }) => text)
      .join(''),
  );
  const rules = outcome.records.map((record) => [record.kind, record.action, record.rules]);
  return { texts, verdict: outcome.verdict, blockedBy: outcome.blockedBy, rules };
}

const cases = [piiDetector, dlpFilter, safetyFilter].flatMap((vectors) =>
  (['content', 'reasoning', 'tool-arguments'] as const).map(
    (field) => [vectors.kind, field, vectors] as const,
  ),
);

test.each(cases)(
  '%s lets nothing of its positives out of %s, wherever they are split',
  (_, field, vectors) => {
    for (const [index, positive] of vectors.positives.entries()) {
      if (field !== 'content' && RUNS <= 2000 && index % 4 !== 0) continue;
      const text = field === 'tool-arguments' ? JSON.stringify({ note: positive, n: 1 }) : positive;
      for (const choices of RUNS > 2000 ? [1, 2, 3, 4] : [1 + (index % 4)]) {
        const whole = answer([vectors], field, choices, [text]);
        expect(['redacted', 'blocked']).toContain(whole.verdict);
        expect(whole.texts).not.toContain(text);

        for (let at = 1; at < text.length; at += 1) {
          const split = answer([vectors], field, choices, [text.slice(0, at), text.slice(at)]);
          if (choices === 1 || whole.verdict === 'redacted') expect(split).toEqual(whole);
          else expect(split.texts.every((part) => whole.texts[0]?.startsWith(part))).toBe(true);
        }
        const slow = answer([vectors], field, 1, text.split(''));
        expect(slow).toEqual(answer([vectors], field, 1, [text]));
      }
    }
  },
);

test('a chain of all of them gives the same answer for every cut of texts made of positives, placeholders and noise', () => {
  const chain = [piiDetector, dlpFilter, { ...safetyFilter, settings: { action: 'flag' } }];
  const positives = [...piiDetector.positives, ...dlpFilter.positives, ...safetyFilter.positives];
  const noise = [
    '<EMAIL_zzz777>',
    '<EMAIL_zzz',
    'https://',
    ' ',
    '. ',
    '\n',
    '1',
    '4111',
    '@',
    'sk-',
    '-',
    'DE89',
    '😀',
    'some words ',
    '+',
    '://',
    'eyJ',
    '```',
    '"',
  ];
  const part = fc.oneof(
    fc.constantFrom(...noise),
    fc.constantFrom(...positives),
    fc
      .tuple(fc.constantFrom(...positives), fc.nat(80), fc.nat(80))
      .map(([text, a, b]) => text.slice(Math.min(a, b), Math.max(a, b))),
  );
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(400), { maxLength: 20 }),
      (parts, cuts) => {
        const text = parts.join('');
        const places = [...new Set(cuts.map((at) => at % (text.length + 1)))].sort((a, b) => a - b);
        const pieces = [0, ...places].map((at, index) => text.slice(at, places[index] ?? text.length));

        expect(answer(chain, 'content', 1, pieces)).toEqual(answer(chain, 'content', 1, [text]));
      },
    ),
    { numRuns: RUNS },
  );
});
