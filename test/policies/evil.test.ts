import { describe, expect, test } from '@jest/globals';
import { PolicyFailure } from '#core/policy/failure.ts';
import { catalogue } from '#policies/catalogue.ts';
import { leastCost } from '../support/least-cost.ts';
import { CHARACTERS, longTextOf, PAIRS, PHRASES } from './evil-inputs.ts';
import { factsOf, inputOf } from './exchange.ts';
import { answerOf, policyOf } from './run.ts';

const LIMIT_MS = 250;
const TIME = 300_000;
/** EVIL_RUNS=all shows every text to every policy (about ten minutes); the normal run deals them out. */
const ALL = process.env['EVIL_RUNS'] === 'all';

/** Every one in the long run, else the policy's share. */
function shareOf<T>(all: readonly T[], policies: number, turn: number): readonly T[] {
  return ALL ? all : all.filter((_, index) => index % policies === turn);
}

/** What a judgement costs. A policy may say that it cannot judge a text: on_error decides then. Anything else is a bug. */
function cost(run: () => unknown): number {
  return leastCost(() => {
    try {
      run();
    } catch (error) {
      if (!(error instanceof PolicyFailure)) throw error;
    }
  }, LIMIT_MS);
}

/** Every evaluation a policy can be asked for with this text, and what took too long. */
function slowEvaluations(kind: string, given: object, text: string): string[] {
  const policy = policyOf(kind);
  const settings = policy.settings.parse(given);
  const facts = factsOf(inputOf('hello'));
  const { inspector, judge } = policy.output?.(settings, facts) ?? {};
  const content = inspector?.('content');
  const evaluations: [string, () => unknown][] = [
    ['input', () => policy.input?.(inputOf(text), settings, facts)],
    ['find', () => content?.find(text, 0, true)],
    ['hold', () => content?.hold(text, 0)],
    ['judge', () => judge?.(answerOf(text))],
  ];
  return evaluations
    .map(([name, run]) => [name, cost(run)] as const)
    .filter(([, ms]) => ms >= LIMIT_MS)
    .map(([name, ms]) => `${kind} ${name} ${JSON.stringify(text.slice(0, 12))} ${Math.ceil(ms)} ms`);
}

test('there are 500 pairs', () => {
  expect(new Set(PAIRS.map(String)).size).toBe(500);
});

describe.each([...catalogue.keys()].map((kind, turn) => [kind, turn] as const))('%s', (kind, turn) => {
  test(
    'judges 100 KB of any one character in less than 250 ms',
    () => {
      const mine = shareOf(CHARACTERS, catalogue.size, turn);
      expect(mine.flatMap((one) => slowEvaluations(kind, {}, longTextOf(one)))).toEqual([]);
    },
    TIME,
  );
});

describe.each([...catalogue.keys()].map((kind, turn) => [kind, turn] as const))('%s', (kind, turn) => {
  test(
    'judges 100 KB of any one phrase in less than 250 ms',
    () => {
      const mine = shareOf(PHRASES, catalogue.size, turn);
      expect(mine.flatMap((one) => slowEvaluations(kind, {}, longTextOf(one)))).toEqual([]);
    },
    TIME,
  );
});

const TAKES_PATTERNS: [kind: string, setting: string, (pattern: string) => object][] = [
  ['prompt-injection', 'attack_patterns', (pattern) => ({ attack_patterns: [pattern] })],
  ['prompt-injection', 'allow_patterns', (pattern) => ({ allow_patterns: [pattern] })],
  ['pii-detector', 'detect_patterns', (pattern) => ({ detect_patterns: [pattern] })],
  ['dlp-filter', 'detect_patterns', (pattern) => ({ detect_patterns: [pattern] })],
  ['quality-scorer', 'assertions', (pattern) => ({ assertions: [{ type: 'regex', value: pattern }] })],
];

describe.each(TAKES_PATTERNS.map((entry, turn) => [...entry, turn] as const))(
  '%s with a pattern in %s',
  (kind, _setting, settingsFor, turn) => {
    test(
      'judges 100 KB of evil text in less than 250 ms',
      () => {
        const mine = shareOf(PAIRS, TAKES_PATTERNS.length * 4, turn);
        const slow = mine.flatMap(([pattern, repeated]) =>
          accepts(kind, settingsFor(pattern))
            ? slowEvaluations(kind, settingsFor(pattern), longTextOf(repeated)).map(
                (one) => `${pattern} ${one}`,
              )
            : [],
        );
        expect(slow).toEqual([]);
      },
      ALL ? TIME * 10 : TIME,
    );
  },
);

/** A pattern that matches the empty text is refused when the pack is compiled. */
function accepts(kind: string, settings: object): boolean {
  return policyOf(kind).settings.safeParse(settings).success;
}
