import { describe, expect, it } from '@jest/globals';
import { catalogue } from '#policies/catalogue.ts';
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

/** Milliseconds of processor time, the better of two runs: what else the machine does must not count. */
function cost(run: () => unknown): number {
  const times = [0, 1].map(() => {
    const before = process.threadCpuUsage();
    run();
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

describe.each([...catalogue.values()])('$kind', (policy) => {
  const settings = policy.settings.parse(HEAVY[policy.kind] ?? {});

  it.each(NASTY)('reads 100 KB of %j in less than 250 ms', (pattern) => {
    const text = pattern.repeat(Math.ceil(SIZE / pattern.length));
    const facts = factsOf(inputOf(text));
    const { inspector, judge } = policy.output?.(settings, facts) ?? {};
    const content = inspector?.('content');
    expect(cost(() => policy.input?.(inputOf(text), settings, facts))).toBeLessThan(LIMIT_MS);
    expect(cost(() => content?.find(text, 0, true))).toBeLessThan(LIMIT_MS);
    expect(cost(() => content?.hold(text, 0))).toBeLessThan(LIMIT_MS);
    expect(cost(() => judge?.(answerOf(text)))).toBeLessThan(LIMIT_MS);
  });
});
