import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { type GoldenCase, readGolden } from '#core/pack/golden-file.ts';
import { runGolden } from '#core/pack/golden-run.ts';
import type { ChainStep, Pack } from '#core/pack/pack.ts';
import { allow, type Inspector, type Policy } from '#core/policy/policy.ts';

const step = (kind: string): ChainStep => ({
  kind,
  settings: {},
  mode: 'enforce',
  on_error: 'block',
  timeout_ms: 1000,
});

/** Only what a golden run reads of a pack. */
const packOf = (...kinds: string[]) =>
  ({
    chain: kinds.map(step),
    targets: [{ model: 'm' }],
    unscanned_parts: 'pass',
    message: 'No.',
  }) as unknown as Pack;

const base = { summary: 'test', settings: z.strictObject({}), needs: () => 'window' as const };

/** Breaks its contract: it finds only what arrives in one piece. */
const careless: Inspector = {
  need: 'window',
  leftContext: 0,
  find: (text, from) => {
    const at = text.indexOf('secret', from);
    return at < 0
      ? []
      : [{ start: at, end: at + 6, rule: 'careless', action: 'redact', replacement: '*', score: 1 }];
  },
  hold: (text) => text.length,
};
const policies: Policy[] = [
  { ...base, kind: 'careless', phases: ['output'], output: () => ({ inspector: () => careless }) },
  {
    ...base,
    kind: 'throws',
    phases: ['input'],
    input: () => {
      throw new Error('broken');
    },
  },
  {
    ...base,
    kind: 'mild',
    phases: ['input'],
    input: () => ({ ...allow(1), action: 'flag', reason: 'mild' }),
  },
];
const catalogue = new Map(policies.map((policy) => [policy.kind, policy]));

let clock = 0;
const run = (one: Partial<GoldenCase>, ...kinds: string[]) =>
  runGolden(
    { pack: packOf(...kinds), catalogue, now: () => (clock += 1) },
    { name: 'x', line: 1, prompt: 'hello', expect: { verdict: 'allowed' }, ...one },
  );

describe('a golden case', () => {
  it('fails when the served text depends on how the answer was cut', () => {
    const { differences } = run({ answer: 'the secret', expect: { verdict: 'redacted' } }, 'careless');

    expect(differences).toEqual([expect.stringMatching(/^stream: the verdict is allowed when .* in pieces/)]);
  });

  it('sees a policy that fails as what on_error says', () => {
    const { verdict, policy, reason } = run({}, 'throws');

    expect([verdict, policy, reason]).toEqual(['blocked', 'throws', 'policy.error']);
  });

  it('names the policy behind the stronger verdict', () => {
    const answer = { answer: 'the secret', expect: { verdict: 'redacted' } } as const;

    expect(run(answer, 'mild', 'careless')).toMatchObject({ verdict: 'redacted', phase: 'output' });
    expect(run({}, 'mild', 'careless')).toMatchObject({ verdict: 'flagged', policy: 'mild', reason: 'mild' });
  });

  it('does not ask the output phase of a stopped request', () => {
    const { differences } = run(
      { answer: 'text', expect: { verdict: 'blocked', served: 'text', said: { careless: 'allow' } } },
      'throws',
      'careless',
    );

    expect(differences).toEqual(['said: careless did not run', 'served: expected "text", is nothing']);
  });
});

describe('a golden file', () => {
  const problems = (text: string) => {
    const read = readGolden(text, 'x.golden.yaml', catalogue);
    return 'problems' in read ? read.problems.map(({ line, code }) => `${line} ${code}`) : [];
  };

  it('is refused when it is not YAML, no mapping, or empty', () => {
    expect(problems('cases: [')).toEqual([expect.stringContaining('E005')]);
    expect(problems('- a')).toEqual(['1 E005']);
    expect(problems('cases: []')).toEqual(['1 E003']);
  });

  it('knows the line of each case', () => {
    const one = '  - { name: a, prompt: x, expect: { verdict: allowed } }\n';
    const read = readGolden(`cases:\n${one}\n${one}`, 'x.golden.yaml', catalogue);

    expect('cases' in read && read.cases.map(({ line }) => line)).toEqual([2, 4]);
  });
});
