import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { PolicyRecord } from '#core/ledger/event.ts';
import type { ChainStep } from '#core/pack/pack.ts';
import type { AnswerDelta, AnswerOutcome, AnswerPiece } from '#core/policy/answer.ts';
import { createAnswerGuard } from '#core/policy/answer-guard.ts';
import {
  allow,
  type Catalogue,
  type ExchangeFacts,
  type FieldKind,
  type Inspector,
  type StreamNeed,
  type Verdict,
  type WholeAnswer,
} from '#core/policy/policy.ts';
import { digits, keys, phrase, throwing, tokens } from './sample-inspectors.ts';
import { catalogueOf, facts, outputPolicy, step } from './sample-policies.ts';

const hide = { action: 'redact' as const, replacement: '[gone]' };
const flag = { action: 'flag' as const };

const everywhere = (kind: string, inspector: Inspector, need: StreamNeed = 'window') =>
  outputPolicy(kind, need, () => ({ inspector: () => inspector }));
const judging = (kind: string, need: StreamNeed, judge: (answer: WholeAnswer) => Verdict) =>
  outputPolicy(kind, need, () => ({ judge }));
const says = (verdict: Partial<Verdict>) => () => ({ ...allow(3), reason: 'because', ...verdict });

interface Setup {
  readonly catalogue: Catalogue;
  readonly steps?: readonly ChainStep[];
  readonly exchange?: Partial<ExchangeFacts>;
}

function open({ catalogue, steps, exchange }: Setup) {
  const chain = steps ?? [...catalogue.keys()].map((kind) => step(kind));
  return createAnswerGuard({ steps: chain, catalogue, facts: facts(exchange), now: () => 0 });
}

function run(setup: Setup, deltas: readonly AnswerDelta[]) {
  const guard = open(setup);
  const pieces: AnswerPiece[] = [];
  let blockedAt = -1;
  for (const [index, delta] of deltas.entries()) {
    const { released, blocked } = guard.push(delta);
    pieces.push(...released);
    if (blocked && blockedAt < 0) blockedAt = index;
  }
  const early = join(pieces);
  const { released, outcome } = guard.finish(['stop']);
  for (const record of outcome.records) PolicyRecord.parse(record);
  return { early, total: join([...pieces, ...released]), outcome, blockedAt, last: released };
}

function join(pieces: readonly AnswerPiece[]): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const { choice, kind, index, text } of pieces) {
    const key = `${choice} ${kind}${index ? ` ${index}` : ''}`;
    joined[key] = (joined[key] ?? '') + text;
  }
  return joined;
}

const say = (text: string, kind: FieldKind = 'content', choice = 0, index = 0): AnswerDelta => ({
  choice,
  kind,
  index,
  text,
});
const tool = (args: string, name = 'send', index = 0): AnswerDelta[] => [
  say(name, 'tool-name', 0, index),
  say(args, 'tool-arguments', 0, index),
];

describe('an answer', () => {
  test('passes at once where nothing can match', () => {
    const { early, outcome } = run({ catalogue: catalogueOf(everywhere('dlp-filter', digits(hide))) }, [
      say('Hello '),
      say('you'),
    ]);

    expect(early).toEqual({ '0 content': 'Hello you' });
    expect(outcome).toMatchObject({
      verdict: 'allowed',
      bypassed: [],
      records: [{ action: 'allow', reason: 'ok', chars_seen: 9, chars_scanned: 9 }],
    });
  });

  test('keeps its choices and fields apart', () => {
    const deltas = [
      say('12', 'content', 0),
      say('34', 'content', 1),
      say('56', 'reasoning', 0),
      say('78', 'refusal', 0),
    ];
    const { total } = run({ catalogue: catalogueOf(everywhere('p', digits(hide))) }, deltas);

    expect(total).toEqual({ '0 content': '12', '1 content': '34', '0 reasoning': '56', '0 refusal': '78' });
  });

  test('is looked at only in the fields a policy asks for', () => {
    const contentOnly = outputPolicy('p', 'window', () => ({
      inspector: (kind) => (kind === 'content' ? digits(hide) : undefined),
    }));
    const { total } = run({ catalogue: catalogueOf(contentOnly) }, [
      say('1234'),
      say('1234', 'reasoning'),
      ...tool('{"a":"1234"}'),
    ]);

    expect(total).toEqual({
      '0 content': '[gone]',
      '0 reasoning': '1234',
      '0 tool-name': 'send',
      '0 tool-arguments': '{"a":"1234"}',
    });
  });

  test('records rules, score and code units of each policy', () => {
    const { outcome } = run(
      { catalogue: catalogueOf(everywhere('dlp-filter', digits(hide)), everywhere('other', keys(flag))) },
      [say('1234 and 5678'), say('k-ab ', 'reasoning')],
    );

    expect(outcome.verdict).toBe('redacted');
    expect(outcome.records).toMatchObject([
      {
        kind: 'dlp-filter',
        phase: 'output',
        action: 'redact',
        reason: 'dlp_filter.detected',
        score: 1,
        rules: { digits: 2 },
        chars_seen: 18,
        chars_scanned: 18,
      },
      { kind: 'other', action: 'flag', rules: { key: 1 } },
    ]);
    expect(outcome.verdicts.get('dlp-filter')?.findings[0]).toEqual({
      rule: 'digits',
      score: 1,
      where: 'choice 0 content',
      spans: [{ start: 0, end: 4 }],
    });
  });

  test('with restored placeholders only counts as allowed', () => {
    const { total, outcome } = run({ catalogue: catalogueOf(everywhere('pii-detector', tokens())) }, [
      say('Dear <a'),
      say('1>'),
    ]);

    expect(total).toEqual({ '0 content': 'Dear «a1»' });
    expect(outcome).toMatchObject({
      verdict: 'allowed',
      records: [{ action: 'allow', reason: 'ok', rules: { token: 1 } }],
    });
  });

  test('says while it holds text, and how much at most', () => {
    const guard = open({ catalogue: catalogueOf(everywhere('p', keys(hide))) });

    guard.push(say('ok k-a'));
    expect([guard.held, guard.heldChars]).toEqual([true, 3]);
    guard.push(say('go'));
    expect(guard.held).toBe(false);
    expect(guard.finish([]).outcome.hold).toEqual({ pushes: 2, max: 3, sum: 3 });
  });

  test('can be finished twice', () => {
    const guard = open({ catalogue: catalogueOf(everywhere('p', digits(hide))) });
    guard.push(say('12'));
    const first = guard.finish(['stop']);

    expect(first.released).toEqual([{ choice: 0, kind: 'content', index: 0, text: '12' }]);
    expect(guard.finish(['stop'])).toEqual({ released: [], outcome: first.outcome });
    expect(guard.push(say('late'))).toEqual({ released: [], blocked: false });
  });
});

describe('a block', () => {
  const catalogue = catalogueOf(
    everywhere('safety-filter', phrase('bomb', { action: 'block' })),
    judging('quality-scorer', 'none', () => {
      throw new Error('was asked');
    }),
  );

  test('releases what came before it and nothing after, in no field', () => {
    const { total, outcome, blockedAt } = run({ catalogue }, [
      say('a bo'),
      say('mb x'),
      say('more'),
      say('more', 'reasoning'),
    ]);

    expect(total).toEqual({ '0 content': 'a ' });
    expect(blockedAt).toBe(1);
    expect(outcome).toMatchObject({
      verdict: 'blocked',
      blockedBy: 'safety-filter',
      answer: [{ text: 'a ' }],
    });
    expect(outcome.records[0]).toMatchObject({ action: 'block', rules: { phrase: 1 } });
  });

  test('carries the message of the policy', () => {
    const helpful = everywhere('p', {
      ...phrase('bomb', { action: 'block' }),
      find: (text, from) => [
        { start: from, end: text.length, rule: 'r', score: 1, action: 'block', message: 'Call somebody.' },
      ],
    });

    expect(run({ catalogue: catalogueOf(helpful) }, [say('x')]).outcome.message).toBe('Call somebody.');
  });

  test('ends the waiting', () => {
    const guard = open({ catalogue });
    guard.push(say('a bomb bo'));

    expect(guard.held).toBe(false);
  });
});

describe('a policy that needs the whole answer', () => {
  const deltas = [say('Dear '), say('1234'), ...tool('{"to":"5678"}'), say('!')];
  const redact = everywhere('p', digits(hide));
  const guarded = {
    '0 content': 'Dear [gone]!',
    '0 tool-name': 'send',
    '0 tool-arguments': '{"to":"[gone]"}',
  };

  test('lets nothing out before the end and judges the guarded text', () => {
    let judged: WholeAnswer | undefined;
    const judge = judging('human-oversight', 'whole', (answer) => {
      judged = answer;
      return allow(9);
    });
    const { early, total, outcome } = run({ catalogue: catalogueOf(redact, judge) }, deltas);

    expect(early).toEqual({});
    expect(total).toEqual(guarded);
    expect(judged?.fields.map(({ text }) => text)).toEqual(['Dear [gone]!', 'send', '{"to":"[gone]"}']);
    expect(judged?.finishReasons).toEqual(['stop']);
    expect(outcome.verdict).toBe('redacted');
  });

  test('that blocks lets nothing out at all', () => {
    const judge = judging(
      'quality-scorer',
      'whole',
      says({ action: 'block', message: 'Poor.', findings: [{ rule: 'quality.loop', score: 1 }] }),
    );
    const { total, outcome } = run({ catalogue: catalogueOf(redact, judge) }, deltas);

    expect(total).toEqual({});
    expect(outcome).toMatchObject({ verdict: 'blocked', blockedBy: 'quality-scorer', message: 'Poor.' });
  });

  test('that escalates keeps the guarded answer for the reviewer', () => {
    const judge = judging(
      'human-oversight',
      'whole',
      says({ action: 'escalate', findings: [{ rule: 'oversight.refund', score: 1 }] }),
    );
    const { total, outcome } = run({ catalogue: catalogueOf(redact, judge) }, deltas);

    expect(total).toEqual({});
    expect(join(outcome.answer)).toEqual(guarded);
    expect(outcome).toMatchObject({
      verdict: 'escalated',
      escalatedBy: 'human-oversight',
      heldFor: ['oversight.refund'],
    });
  });

  test('hears what the policies before it said about the answer', () => {
    const first = judging('quality-scorer', 'none', says({ score: 0.3 }));
    const second = outputPolicy('human-oversight', 'whole', (_, exchange) => ({
      judge: () =>
        says({
          score:
            (exchange.verdicts.get('quality-scorer')?.score ?? 0) * 2 +
            (exchange.verdicts.get('p')?.findings.length ?? 0),
        })(),
    }));

    expect(run({ catalogue: catalogueOf(redact, first, second) }, deltas).outcome.records[2]?.score).toBe(
      2.6,
    );
  });

  test('holds nothing while it observes', () => {
    const judge = judging('human-oversight', 'whole', says({ action: 'block' }));
    const { early, outcome } = run(
      { catalogue: catalogueOf(judge), steps: [step('human-oversight', { mode: 'observe' })] },
      [say('Hi')],
    );

    expect(early).toEqual({ '0 content': 'Hi' });
    expect(outcome).toMatchObject({ verdict: 'allowed', records: [{ mode: 'observe', action: 'block' }] });
  });

  test("does not hold or judge Dify's probe", () => {
    const judge = judging('human-oversight', 'whole', says({ action: 'escalate' }));
    const { early, outcome } = run({ catalogue: catalogueOf(judge), exchange: { probe: true } }, [
      say('pong'),
    ]);

    expect(early).toEqual({ '0 content': 'pong' });
    expect(outcome.verdict).toBe('allowed');
  });

  test.each([
    ['block', { verdict: 'blocked', blockedBy: 'p', bypassed: [] }],
    ['escalate', { verdict: 'escalated', escalatedBy: 'p', bypassed: [] }],
    ['allow', { verdict: 'allowed', bypassed: ['p'] }],
  ] as const)('is decided by on_error %s when it fails', (on_error, expected) => {
    const judge = judging(
      'p',
      'whole',
      says({ action: 'redact', edits: [{ leaf: 0, start: 0, end: 1, replacement: '', rule: 'r' }] }),
    );
    const { total, outcome } = run({ catalogue: catalogueOf(judge), steps: [step('p', { on_error })] }, [
      say('text'),
    ]);

    expect(total).toEqual(on_error === 'allow' ? { '0 content': 'text' } : {});
    expect(outcome).toMatchObject({ ...expected, records: [{ reason: 'policy.error' }] });
  });
});

describe('a judge that needs nothing of the stream', () => {
  test('only records, at most a flag', () => {
    const judge = judging(
      'quality-scorer',
      'none',
      says({ action: 'block', findings: [{ rule: 'quality.loop', score: 1 }] }),
    );
    const { early, outcome } = run({ catalogue: catalogueOf(judge) }, [say('text')]);

    expect(early).toEqual({ '0 content': 'text' });
    expect(outcome).toMatchObject({
      verdict: 'flagged',
      records: [{ action: 'flag', reason: 'because', rules: { 'quality.loop': 1 }, chars_seen: 4 }],
    });
  });

  test('that fails is told as bypassed', () => {
    const judge = judging('quality-scorer', 'none', () => {
      throw new Error('x');
    });

    expect(run({ catalogue: catalogueOf(judge) }, [say('text')])).toMatchObject({
      total: { '0 content': 'text' },
      outcome: { verdict: 'allowed', bypassed: ['quality-scorer'], records: [{ error: 'threw Error' }] },
    });
  });

  test('does not hold text for inspectors that only flag', () => {
    const { early, outcome } = run({ catalogue: catalogueOf(everywhere('p', keys(flag), 'none')) }, [
      say('k-a'),
      say('b x'),
    ]);

    expect(early).toEqual({ '0 content': 'k-ab x' });
    expect(outcome).toMatchObject({ verdict: 'flagged', records: [{ rules: { key: 1 } }] });
  });
});

describe('tool calls', () => {
  const catalogue = catalogueOf(everywhere('dlp-filter', digits(hide)), everywhere('restore', tokens()));

  test('come at the end, name before arguments, call by call', () => {
    const { early, last } = run({ catalogue }, [
      ...tool('{"b":', 'two', 1),
      ...tool('{"a":1}', 'one'),
      say('2}', 'tool-arguments', 0, 1),
    ]);

    expect(early).toEqual({});
    expect(last.map(({ kind, index, text }) => [kind, index, text])).toEqual([
      ['tool-name', 0, 'one'],
      ['tool-arguments', 0, '{"a":1}'],
      ['tool-name', 1, 'two'],
      ['tool-arguments', 1, '{"b":2}'],
    ]);
  });

  test('pass at once when nobody looks at them', () => {
    const contentOnly = outputPolicy('p', 'window', () => ({
      inspector: (kind) => (kind === 'content' ? digits(hide) : undefined),
    }));

    expect(run({ catalogue: catalogueOf(contentOnly) }, tool('{"a":"1234"}')).early).toEqual({
      '0 tool-name': 'send',
      '0 tool-arguments': '{"a":"1234"}',
    });
  });

  test('pass at once when they are only observed, and are looked at all the same', () => {
    const { early, outcome } = run(
      { catalogue, steps: [step('dlp-filter', { mode: 'observe' })] },
      tool('{"a":"1234"}'),
    );

    expect(early).toEqual({ '0 tool-name': 'send', '0 tool-arguments': '{"a":"1234"}' });
    expect(outcome.records[0]).toMatchObject({ action: 'redact', rules: { digits: 1 } });
  });

  test.each([
    ['a string', '{"a": "x 1234 y", "b": [true, null]}', '{"a": "x [gone] y", "b": [true, null]}'],
    ['an escape', '{"a":"1\\u00324\\u0034"}', '{"a":"[gone]"}'],
    ['a number', '{"card": 123456, "n": 12}', '{"card": "[gone]", "n": 12}'],
    ['a doubled key', '{"a":"1234","a":"x"}', '{"a":"[gone]","a":"x"}'],
    ['a nested place', '{"a":[{"b":["1234"]}]}', '{"a":[{"b":["[gone]"]}]}'],
    ['a bare string', '"1234"', '"[gone]"'],
    ['what is not JSON', '{"a":"1234', '{"a":"[gone]'],
  ])('are redacted in %s without touching the rest', (_, args, expected) => {
    expect(run({ catalogue }, tool(args)).total['0 tool-arguments']).toBe(expected);
  });

  test('stay byte for byte when nothing is found', () => {
    const args = '{ "n": 12345678901234567890123, "e":1e2 ,"s":"\\u00e9\\/", "s":"\\"12\\" " }';

    expect(run({ catalogue }, tool(args)).total['0 tool-arguments']).toBe(args);
  });

  test('are blocked by a finding in a key', () => {
    const { total, outcome } = run({ catalogue }, [say('text '), ...tool('{"x":{"1234" :1}}')]);

    expect(total).toEqual({ '0 content': 'text ' });
    expect(outcome).toMatchObject({
      verdict: 'blocked',
      blockedBy: 'dlp-filter',
      records: [{ action: 'block' }, {}],
    });
  });

  test('never get a placeholder restored', () => {
    const { total } = run({ catalogue }, [say('<a1>'), ...tool('{"to":"<a1>"}', 'send<b2>')]);

    expect(total).toEqual({
      '0 content': '«a1»',
      '0 tool-name': 'send<b2>',
      '0 tool-arguments': '{"to":"<a1>"}',
    });
  });

  test('that are escalated are kept whole for the reviewer', () => {
    const escalating = catalogueOf(
      everywhere('p', phrase('transfer', { action: 'escalate' }), 'window'),
      everywhere('q', digits(hide)),
    );
    const { total, outcome } = run({ catalogue: escalating }, tool('{"do":"transfer","to":"1234"}'));

    expect(total).toEqual({});
    expect(join(outcome.answer)['0 tool-arguments']).toBe('{"do":"transfer","to":"[gone]"}');
    expect(outcome).toMatchObject({ verdict: 'escalated', escalatedBy: 'p', heldFor: ['phrase'] });
  });

  test('remain valid JSON whatever is redacted, and hold no secret', () => {
    fc.assert(
      fc.property(fc.json(), fc.array(fc.nat(40)), (json, cuts) => {
        const { total, outcome } = run({ catalogue }, [
          say('f', 'tool-name'),
          ...cut(json, cuts).map((text) => say(text, 'tool-arguments')),
        ]);
        if (outcome.verdict === 'blocked') return;

        expect(JSON.stringify(JSON.parse(total['0 tool-arguments'] ?? 'null'))).not.toMatch(
          /(?<!\d)\d{3,8}(?!\d)/,
        );
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a policy that cannot start', () => {
  const broken = outputPolicy('p', 'window', () => {
    throw new TypeError('x');
  });

  test.each([
    ['block', {}, { verdict: 'blocked', blockedBy: 'p' }],
    ['escalate', {}, { verdict: 'escalated', escalatedBy: 'p', answer: [{ text: 'text' }] }],
    ['allow', { '0 content': 'text' }, { verdict: 'allowed', bypassed: ['p'] }],
  ] as const)('is decided by on_error %s before anything is released', (on_error, released, expected) => {
    const { total, outcome } = run({ catalogue: catalogueOf(broken), steps: [step('p', { on_error })] }, [
      say('te'),
      say('xt'),
    ]);

    expect(total).toEqual(released);
    expect(outcome).toMatchObject(expected);
  });

  test('blocks when the catalogue does not know it', () => {
    expect(run({ catalogue: catalogueOf(), steps: [step('ghost')] }, [say('text')])).toMatchObject({
      total: {},
      outcome: { verdict: 'blocked', blockedBy: 'ghost' },
    });
  });
});

describe('a policy that fails half-way', () => {
  test.each([
    ['block', { '0 content': 'good ' }, { verdict: 'blocked', blockedBy: 'p', bypassed: [] }],
    [
      'escalate',
      { '0 content': 'good ' },
      { verdict: 'escalated', escalatedBy: 'p', bypassed: [], answer: [{ text: 'good BOOM end' }] },
    ],
    ['allow', { '0 content': 'good BOOM end' }, { verdict: 'allowed', bypassed: ['p'] }],
  ] as const)('is decided by on_error %s', (on_error, released, expected) => {
    const { total, outcome } = run(
      { catalogue: catalogueOf(everywhere('p', throwing('BOOM'))), steps: [step('p', { on_error })] },
      [say('good '), say('BOOM '), say('end')],
    );

    expect(total).toEqual(released);
    expect(outcome).toMatchObject({
      ...expected,
      records: [{ reason: 'policy.error', error: 'threw TypeError' }],
    });
  });
});

describe('however it is cut', () => {
  const catalogue = catalogueOf(
    everywhere('one', digits(hide)),
    everywhere('two', keys({ action: 'block' })),
    everywhere('three', phrase('ab ba', flag)),
    everywhere('four', tokens()),
    judging('five', 'none', ({ fields }) => ({
      ...allow(0),
      reason: String(fields.map(({ text }) => text)),
      action: 'flag',
    })),
  );
  const place = fc.tuple(
    fc.constantFrom<FieldKind>('content', 'reasoning', 'tool-name', 'tool-arguments'),
    fc.nat(1),
    fc.nat(1),
  );
  const piece = fc.constantFrom('12', '34', 'k-', 'ab', ' ba', '<a1', '>', ' ', '{"a":"', '"}', '😀');
  const delta = fc
    .tuple(place, fc.array(piece, { maxLength: 6 }))
    .map(([[kind, choice, index], pieces]) =>
      say(pieces.join(''), kind, choice, kind.startsWith('tool') ? index : 0),
    );

  test('an answer comes out the same, fields and choices interleaved', () => {
    fc.assert(
      fc.property(
        fc.array(delta, { maxLength: 8 }),
        fc.array(fc.nat(50), { maxLength: 12 }),
        (deltas, cuts) => {
          const pieces = deltas.flatMap((whole) => cut(whole.text, cuts).map((text) => ({ ...whole, text })));
          const { total, outcome } = run({ catalogue }, deltas);
          const again = run({ catalogue }, pieces);

          expect(again.total).toEqual(total);
          expect(lasting(again.outcome)).toEqual(lasting(outcome));
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('the choices do not depend on the order in which they arrive', () => {
    fc.assert(
      fc.property(fc.array(delta, { maxLength: 8 }), (deltas) => {
        const sorted = [...deltas].sort((a, b) => a.choice - b.choice);
        const mixed = run({ catalogue }, deltas);
        const ordered = run({ catalogue }, sorted);

        expect(mixed.outcome.verdict).toBe(ordered.outcome.verdict);
        if (mixed.outcome.verdict !== 'blocked') expect(mixed.total).toEqual(ordered.total);
      }),
      { numRuns: 1000 },
    );
  });

  test.each(['content', 'reasoning', 'refusal', 'tool-name', 'tool-arguments'] as const)(
    'no split of a secret in %s lets a part of it out, with 1 to 4 choices',
    (kind) => {
      const secret = '73915';
      const text = kind === 'tool-arguments' ? `{"to":"a ${secret} b"}` : `a ${secret} b`;
      for (let choices = 1; choices <= 4; choices += 1) {
        for (let first = 0; first <= text.length; first += 1) {
          for (let second = first; second <= text.length; second += 1) {
            const deltas = [text.slice(0, first), text.slice(first, second), text.slice(second)].flatMap(
              (part) => Array.from({ length: choices }, (_, choice) => say(part, kind, choice)),
            );
            const { total } = run({ catalogue }, deltas);
            const out = Object.values(total);
            expect(out).toEqual(Array.from({ length: choices }, () => text.replace(secret, '[gone]')));
          }
        }
      }
    },
  );
});

/** The outcome without what only tells how the answer arrived: how much was held, and how much lay behind a block. */
function lasting({ hold: _, records, verdicts, ...outcome }: AnswerOutcome) {
  const blocked = outcome.verdict === 'blocked';
  const counted = records.map((record) =>
    blocked ? { ...record, chars_seen: 0, chars_scanned: 0 } : record,
  );
  const said = [...verdicts].map(([kind, verdict]) => [kind, blocked ? { ...verdict, scanned: 0 } : verdict]);
  return { ...outcome, records: counted, said };
}

function cut(text: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.map((at) => at % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((at, index) => text.slice(at, places[index] ?? text.length));
}
