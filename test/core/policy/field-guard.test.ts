import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createFieldGuard } from '#core/policy/field-guard.ts';
import type { Inspector } from '#core/policy/policy.ts';
import type { FieldInspector } from '#core/policy/scanner.ts';
import { MAX_SENTENCE } from '#core/policy/sentences.ts';
import { expectedOf, showMatch } from './expected-guard.ts';
import { digits, halves, inChain, keys, phrase, sentences, throwing, tokens } from './sample-inspectors.ts';

/** Pairs of a text and a way to cut it. GUARD_RUNS=200000 for the long run. */
const RUNS = Number(process.env['GUARD_RUNS'] ?? 20_000);

const still = () => 0;

/** What this thread has computed: the wall clock would measure the neighbours too. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds to guard a text that arrives one code unit at a time; the best of three, because neighbours only ever slow it down. */
function bestOfThree(inspectors: readonly Inspector[], whole: string): number {
  const times = [1, 2, 3].map(() => {
    const guard = createFieldGuard(
      inspectors.map((inspector, step) => inChain(inspector, step, { onError: 'allow' })),
      still,
    );
    const started = cpuMs();
    for (let at = 0; at < whole.length; at += 1) guard.push(whole.charAt(at));
    guard.end();
    return cpuMs() - started;
  });
  return Math.min(...times);
}

function run(chunks: readonly string[], inspectors: readonly FieldInspector[]) {
  const guard = createFieldGuard(inspectors, still);
  const steps = [];
  for (const chunk of chunks) steps.push(guard.push(chunk));
  steps.push(guard.end());
  return {
    text: steps.map((step) => step.text).join(''),
    withheld: steps.map((step) => step.withheld).join(''),
    pieces: steps.map((step) => step.text),
    matches: steps.flatMap((step) => step.matches.map(showMatch)).sort(),
    blockedBy: steps.find((step) => step.blocked)?.blocked?.step,
    escalated: steps.at(-1)?.escalated,
    failures: steps.flatMap((step) => step.failures),
  };
}

function cutAt(text: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((place, index) => text.slice(place, places[index] ?? text.length));
}

const action = fc.constantFrom('redact', 'flag', 'block', 'escalate' as const);
const anyInspector = fc
  .tuple(fc.nat(6), fc.constantFrom('redact', 'redact', 'flag', 'block') as typeof action)
  .map(([kind, act]) => {
    const said = { action: act, replacement: `[${kind}]` };
    const makers = [
      () => digits(said),
      () => keys(said),
      () => phrase('ab ba', said),
      () => phrase('aab1', said),
      () => tokens(),
      () => sentences('bb', said),
      () => halves(said),
    ];
    return makers[kind]!();
  });
const chain = fc
  .array(fc.tuple(anyInspector, fc.integer({ min: 0, max: 4 })), { maxLength: 5 })
  .map((list) => list.map(([inspector, dice], step) => inChain(inspector, step, { holds: dice > 0 })));
const piece = fc.constantFrom(
  'a',
  'b',
  '1',
  '2',
  ' ',
  '<',
  '>',
  'k-',
  '. ',
  '😀',
  '\ud83d',
  'ab ba',
  '<a1>',
  'k-ab1',
  '1234',
  'x',
);
const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
const cuts = fc.array(fc.nat(200), { maxLength: 30 });

describe('for every way of cutting', () => {
  test(`the released text, the matches and the block are those of the whole text (${RUNS} random pairs)`, () => {
    fc.assert(
      fc.property(text, cuts, chain, (whole, places, inspectors) => {
        const { text: released, matches, blockedBy } = run(cutAt(whole, places), inspectors);

        expect({ text: released, matches, blockedBy }).toEqual(expectedOf(whole, inspectors));
      }),
      { numRuns: RUNS },
    );
  });

  test('one code unit at a time gives the same as everything at once', () => {
    fc.assert(
      fc.property(text, chain, (whole, inspectors) => {
        const slow = run(whole.split(''), inspectors);
        const fast = run([whole], inspectors);

        expect({ ...slow, pieces: [] }).toEqual({ ...fast, pieces: [] });
      }),
      { numRuns: RUNS / 10 },
    );
  });

  test('long holds and long texts change nothing', () => {
    const open = 'k'.repeat(3000);
    const inspectors = [
      inChain(phrase(`${open}x`, { action: 'redact', replacement: '[long]' }), 0),
      inChain(digits({ action: 'block' }), 1),
    ];
    const whole = `start ${open}x and ${open} again ${'word '.repeat(2000)}1234 end`;

    for (const size of [1, 7, 1000, 4096, 5000, whole.length]) {
      const chunks = whole.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      const { text: released, blockedBy } = run(chunks, inspectors);

      expect(released).toBe(`start [long] and ${open} again ${'word '.repeat(2000)}`);
      expect(blockedBy).toBe(1);
    }
  });
});

function whole(start: number, text: string) {
  return { start, end: text.length, rule: 'all', score: 1, action: 'flag' as const };
}

/** The first digit of each run. */
function firstDigits(text: string, from: number) {
  return [...text.matchAll(/(?<!\d)\d/g)]
    .filter(({ index }) => index >= from)
    .map(({ index }) => ({ start: index, end: index + 1, rule: 'first', score: 1, action: 'flag' as const }));
}

describe('a field guard', () => {
  test('releases ordinary text at once', () => {
    const { pieces } = run(
      ['Hello ', 'there, ', 'how ', 'are you'],
      [inChain(digits({ action: 'block' }), 0)],
    );

    expect(pieces).toEqual(['Hello ', 'there, ', 'how ', 'are you', '']);
  });

  test('holds a text back while it can still become a match', () => {
    const { pieces } = run(
      ['my key is k', '-a', 'b1', '2 go'],
      [inChain(keys({ action: 'redact', replacement: '[key]' }), 0)],
    );

    expect(pieces).toEqual(['my key is ', '', '', '[key] go', '']);
  });

  test('never releases a part of what a longer piece of text gets redacted', () => {
    fc.assert(
      fc.property(text, fc.nat(200), (whole, place) => {
        const inspectors = [
          inChain(keys({ action: 'redact', replacement: '█' }), 0),
          inChain(digits({ action: 'redact', replacement: '█' }), 1),
        ];
        const guard = createFieldGuard(inspectors, still);
        const early = guard.push(whole.slice(0, place % (whole.length + 1))).text;

        expect(expectedOf(whole, inspectors).text.startsWith(early)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('joins redactions that overlap instead of letting out what only one of them covers', () => {
    const inspectors = [
      inChain(phrase('abcd', { action: 'redact', replacement: '[short]' }), 0),
      inChain(phrase('cdefgh', { action: 'redact', replacement: '[long]' }), 1),
    ];

    expect(run(['-abcdefgh-'], inspectors).text).toBe('-[long]-');
  });

  test('prefers the redaction of the earlier step among equally long ones', () => {
    const said = (replacement: string) => ({ action: 'redact' as const, replacement });
    const inspectors = [
      inChain(phrase('abc', said('[second]')), 1),
      inChain(phrase('abc', said('[first]')), 0),
    ];

    expect(run(['abc'], inspectors).text).toBe('[first]');
  });

  test('does not restore a placeholder that overlaps a redaction', () => {
    const inspectors = [
      inChain(tokens(), 0),
      inChain(phrase('a1> x', { action: 'redact', replacement: '[r]' }), 1),
    ];

    expect(run(['<a1> x <b2>'], inspectors).text).toBe('<[r] «b2»');
  });

  test('a block releases nothing of a redaction it overlaps', () => {
    const inspectors = [
      inChain(phrase('secret 12', { action: 'redact', replacement: '[r]' }), 0),
      inChain(digits({ action: 'block' }), 1),
    ];

    expect(run(['a secret 1234 b'], inspectors)).toMatchObject({ text: 'a ', blockedBy: 1 });
  });

  test('an escalation sends the rest of the text to the reviewer only, guarded', () => {
    const inspectors = [
      inChain(phrase('help me', { action: 'escalate' }), 0),
      inChain(digits({ action: 'redact', replacement: '[d]' }), 1),
    ];
    for (const size of [1, 3, 100]) {
      const whole = 'call 1234, help me at 5678';
      const {
        text: released,
        withheld,
        escalated,
      } = run(whole.match(new RegExp(`.{1,${size}}`, 'g'))!, inspectors);

      expect({ released, withheld, escalated }).toEqual({
        released: 'call [d], ',
        withheld: 'help me at [d]',
        escalated: true,
      });
    }
  });

  test('an escalation inside a redaction shows the client nothing of the redacted place', () => {
    const inspectors = [
      inChain(phrase('my secret plan', { action: 'redact', replacement: '[r]' }), 0),
      inChain(phrase('secret', { action: 'escalate' }), 1),
    ];

    expect(run(['it is my secret plan, see'], inspectors)).toMatchObject({
      text: 'it is ',
      withheld: '[r], see',
    });
  });

  test('looks at no part of a settled match again, even if the inspector would hold inside it', () => {
    const careless = {
      need: 'window' as const,
      leftContext: 0,
      find: (all: string, from: number) => (/^\d{2,}/.test(all.slice(from)) ? [whole(from, all)] : []),
      hold: (all: string, from: number) => Math.min(from + 2, all.length),
    };

    expect(run(['123456', '7'], [inChain(careless, 0)]).matches).toEqual(['0 all 0-6']);
  });

  test('shows inspectors what stands before, however much text went by', () => {
    const unhindered = {
      ...digits({ action: 'flag' }),
      find: firstDigits,
      hold: (all: string) => all.length,
    };
    for (let length = 1010; length < 1050; length += 1) {
      expect(run(`${'9'.repeat(length)} and`.split(''), [inChain(unhindered, 0)]).matches).toEqual([
        '0 first 0-1',
      ]);
    }
  });

  test('never cuts a surrogate pair', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('😀', '🙈', 'a', '1')), cuts, (letters, places) => {
        const inspectors = [
          inChain(halves({ action: 'redact', replacement: '?' }), 0, { holds: places.length > 3 }),
          inChain(digits({ action: 'redact', replacement: '#' }), 1),
        ];
        const { pieces } = run(cutAt(letters.join(''), places), inspectors);

        expect(pieces.every((part) => part.isWellFormed())).toBe(true);
      }),
    );
  });

  test('releases whole sentences to an inspector that needs them', () => {
    const { pieces } = run(
      ['One is fine. Two', ' is bad! Three', ' is'],
      [inChain(sentences('bad', { action: 'redact', replacement: '[gone] ' }), 0)],
    );

    expect(pieces).toEqual(['One is fine. ', '[gone] ', '', 'Three is']);
  });

  test('releases a sentence without an end after 400 characters', () => {
    const guard = createFieldGuard([inChain(sentences('bad', { action: 'block' }), 0)], still);
    let most = 0;
    for (const letter of 'word '.repeat(1000)) {
      guard.push(letter);
      most = Math.max(most, guard.held);
    }

    expect(most).toBeGreaterThan(MAX_SENTENCE / 2);
    expect(most).toBeLessThanOrEqual(MAX_SENTENCE);
  });

  test('looks at 100 kB that arrive one character at a time in less than a second', () => {
    const inspectors = [
      digits({ action: 'redact', replacement: '#' }),
      keys({ action: 'redact', replacement: '#' }),
      phrase('ab ba', { action: 'flag' }),
      tokens(),
    ];
    const whole = 'some words, 123 4567 numbers and k-ab1 keys. '.repeat(2300).slice(0, 100_000);

    expect(bestOfThree(inspectors, whole)).toBeLessThan(1000);
  });

  test('looks at 100 kB that one inspector holds back in less than a second', () => {
    const hoarder = {
      need: 'window' as const,
      leftContext: 0,
      find: () => [],
      hold: (all: string, from: number) => {
        for (let at = from; at < all.length; at += 1) if (all.charCodeAt(at) > 0xffff) return at;
        return from;
      },
    };

    expect(bestOfThree([hoarder, digits({ action: 'flag' })], 'x'.repeat(100_000))).toBeLessThan(1000);
  });

  test.each(['block', 'allow', 'escalate'] as const)(
    'stops an endless hold by its on_error %s, at the same place for every cut',
    (onError) => {
      const hoarder = {
        need: 'window' as const,
        leftContext: 0,
        find: () => [],
        hold: (all: string, from: number) =>
          Math.max(from, all.indexOf('x') < 0 ? all.length : all.indexOf('x')),
      };
      const whole = `begin ${'x'.repeat(80_000)}`;
      const answers = [1, 997, 80_006].map((size) => {
        const { pieces: _, ...answer } = run(whole.match(new RegExp(`.{1,${size}}`, 'g'))!, [
          inChain(hoarder, 0, { onError }),
        ]);
        return answer;
      });

      expect(answers[0]!.failures).toEqual([{ step: 0, failure: 'holds back more than 65536 characters' }]);
      expect(answers[0]!.text.length).toBe(onError === 'allow' ? whole.length : 6);
      expect(answers[0]!.withheld.length).toBe(onError === 'escalate' ? 80_000 : 0);
      expect(answers[0]!.blockedBy).toBe(onError === 'block' ? 0 : undefined);
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[2]).toEqual(answers[0]);
    },
  );
});

describe('an inspector that fails', () => {
  const chunks = ['good ', 'text ', 'BOOM ', 'and 1234 more'];
  const redact = inChain(digits({ action: 'redact', replacement: '[d]' }), 1);

  test('releases nothing more with on_error block', () => {
    expect(run(chunks, [inChain(throwing('BOOM'), 0), redact])).toMatchObject({
      text: 'good text ',
      blockedBy: 0,
      failures: [{ step: 0, failure: 'threw TypeError' }],
    });
  });

  test('is left out with on_error allow while the others go on', () => {
    expect(run(chunks, [inChain(throwing('BOOM'), 0, { onError: 'allow' }), redact])).toMatchObject({
      text: 'good text BOOM and [d] more',
      blockedBy: undefined,
      failures: [{ step: 0, failure: 'threw TypeError' }],
    });
  });

  test('sends the rest to the reviewer with on_error escalate', () => {
    expect(run(chunks, [inChain(throwing('BOOM'), 0, { onError: 'escalate' }), redact])).toMatchObject({
      text: 'good text ',
      withheld: 'BOOM and [d] more',
      escalated: true,
      blockedBy: undefined,
    });
  });

  test('changes nothing while it only observes', () => {
    expect(run(chunks, [inChain(throwing('BOOM'), 0, { holds: false }), redact])).toMatchObject({
      text: 'good text BOOM and [d] more',
      blockedBy: undefined,
      failures: [{ step: 0, failure: 'threw TypeError' }],
    });
  });

  const match = { start: 0, end: 2, rule: 'r', score: 1, action: 'flag' };
  test.each([
    ['holds before where it was asked', { hold: () => -1 }],
    ['holds behind the end', { hold: () => 999 }],
    ['holds at no number', { hold: () => Number.NaN }],
    ['finds no list', { find: () => undefined }],
    ['finds something outside the text', { find: () => [{ ...match, end: 999 }] }],
    [
      'finds something before where it was asked',
      { find: (_: string, from: number) => [{ ...match, start: from - 1 }] },
    ],
    ['finds an empty match', { find: (_: string, from: number) => [{ ...match, start: from, end: from }] }],
    [
      'finds matches that overlap',
      {
        find: (_: string, from: number) => [
          { ...match, start: from, end: from + 2 },
          { ...match, start: from + 1, end: from + 2 },
        ],
      },
    ],
    [
      'knows another action',
      { find: (_: string, from: number) => [{ ...match, start: from, end: from + 1, action: 'destroy' }] },
    ],
    [
      'redacts without a replacement',
      { find: (_: string, from: number) => [{ ...match, start: from, end: from + 1, action: 'redact' }] },
    ],
    [
      'gives no rule',
      { find: (_: string, from: number) => [{ ...match, start: from, end: from + 1, rule: undefined }] },
    ],
  ])('blocks when it %s', (_, broken) => {
    const inspector = {
      need: 'window' as const,
      leftContext: 0,
      find: () => [],
      hold: (all: string) => all.length,
      ...broken,
    };

    expect(run(['some text'], [inChain(inspector as never, 3)])).toMatchObject({ text: '', blockedBy: 3 });
  });

  test('blocks when it takes longer than its timeout', () => {
    let us = 0;
    const guard = createFieldGuard([inChain(digits({ action: 'flag' }), 0, { timeoutMs: 20 })], () => {
      us += 30_000;
      return us;
    });
    const release = guard.push('text');

    expect(release).toMatchObject({
      text: '',
      blocked: { step: 0 },
      failures: [{ failure: 'took 30 ms, timeout_ms is 20' }],
    });
  });
});
