import { describe, expect, it } from '@jest/globals';
import { catalogue } from '#policies/catalogue.ts';
import { leastCost } from '../support/least-cost.ts';
import { factsOf, inputOf } from './exchange.ts';
import { answerOf } from './run.ts';

const SIZE = 100_000;
const LIMIT_MS = 250;

/** Single characters and pairs that make careless patterns slow. */
const NASTY = [
  'a',
  'A',
  '1',
  '0 ',
  ' ',
  '\n',
  '.',
  '-',
  '@',
  'a@',
  'a.',
  'x@y.',
  '=',
  '%',
  '%41',
  '&#65;',
  '\\x41',
  '<',
  '(',
  '+1',
  '1-',
  '1:',
  '::',
  'é',
  'Ж',
  '日',
  '😀',
  '\u200b',
  '\u0301',
  'DE89',
  'sk-',
  'eyJ',
  'password=',
  'https://',
  '-----BEGIN ',
  '-----BEGIN PRIVATE KEY-----',
  '<EMAIL_',
  'ignore ',
  'ignore previous ',
  'you are now ',
  'how to ',
  'how to make ',
  '![a](',
  '# system ',
  '"\'',
  'a b ',
];
const HEAVY: Record<string, object> = {
  'prompt-injection': { sensitivity: 'high' },
  'safety-filter': { block_if: ['forbidden fruit'], fuzzy_matching: true, max_distance: 3 },
  'dlp-filter': {
    blocked_terms: ['alpha beta', 'gamma'],
    fuzzy_matching: true,
    sensitivity_level: 'restricted',
  },
  'quality-scorer': {
    assertions: [
      { type: 'language', value: 'de' },
      { type: 'json-schema', schema: { type: 'array', items: { pattern: '[a-z]+!' } } },
      { type: 'regex', value: '(a+)+!' },
      { type: 'max-words', value: 10 },
    ],
  },
  'human-oversight': { require_human_for: ['medical', 'legal'], terms: ['refund'] },
};

describe.each([...catalogue.values()])('$kind', (policy) => {
  const settings = policy.settings.parse(HEAVY[policy.kind] ?? {});

  it.each(NASTY)('reads 100 KB of %j in less than 250 ms', (pattern) => {
    const text = pattern.repeat(Math.ceil(SIZE / pattern.length));
    const facts = factsOf(inputOf(text));
    const { inspector, judge } = policy.output?.(settings, facts) ?? {};
    const content = inspector?.('content');
    expect(leastCost(() => policy.input?.(inputOf(text), settings, facts), LIMIT_MS)).toBeLessThan(LIMIT_MS);
    expect(leastCost(() => content?.find(text, 0, true), LIMIT_MS)).toBeLessThan(LIMIT_MS);
    expect(leastCost(() => content?.hold(text, 0), LIMIT_MS)).toBeLessThan(LIMIT_MS);
    expect(leastCost(() => judge?.(answerOf(text)), LIMIT_MS)).toBeLessThan(LIMIT_MS);
  });
});
