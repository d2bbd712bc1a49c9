import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { PolicyRecord } from '#core/ledger/event.ts';
import { runInputChain } from '#core/policy/input-chain.ts';
import { allow, type Catalogue, type Leaf, type Verdict } from '#core/policy/policy.ts';
import { catalogueOf, facts, inputPolicy, leaf, plainInput, replaceWord, step } from './sample-policies.ts';

const tools = { now: () => 0, buildInput: plainInput };
const says = (verdict: Partial<Verdict>) => () => ({ ...allow(3), reason: 'because', ...verdict });
const finding = { rule: 'r.one', score: 0.9 };

function run(
  catalogue: Catalogue,
  leaves: Leaf[],
  steps = [...catalogue.keys()].map((kind) => step(kind)),
  exchange = facts(),
) {
  const outcome = runInputChain(steps, catalogue, leaves, exchange, tools);
  for (const record of outcome.records) PolicyRecord.parse(record);
  return { ...outcome, texts: outcome.leaves.map(({ text }) => text) };
}

describe('redactions', () => {
  test('reach the next policy and the outcome as one text', () => {
    const seen: string[] = [];
    const spy = inputPolicy('spy', ({ leaves }) => {
      seen.push(...leaves.map(({ text }) => text));
      return allow(0);
    });
    const catalogue = catalogueOf(
      replaceWord('one', 'secret', '<S>'),
      spy,
      replaceWord('two', '<S>!', 'gone'),
    );

    const { verdict, texts } = run(catalogue, [leaf('a secret!'), leaf('fine'), leaf('secret, secret!')]);

    expect(seen).toEqual(['a <S>!', 'fine', '<S>, <S>!']);
    expect(texts).toEqual(['a gone', 'fine', '<S>, gone']);
    expect(verdict).toBe('redacted');
  });

  test('that overlap cover everything either of them wanted hidden', () => {
    const edits = [
      { leaf: 0, start: 6, end: 9, replacement: '[b]', rule: 'r' },
      { leaf: 0, start: 2, end: 7, replacement: '[a]', rule: 'r' },
      { leaf: 0, start: 12, end: 14, replacement: '[c]', rule: 'r' },
    ];
    const policy = inputPolicy('p', says({ action: 'redact', edits }));

    expect(run(catalogueOf(policy), [leaf('0123456789abcdefgh')]).texts).toEqual(['01[a]9ab[c]efgh']);
  });

  test('leave no character of a covered place and touch no other, for any edits', () => {
    const anyEdits = fc.array(fc.tuple(fc.nat(29), fc.nat(29)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(anyEdits, (pairs) => {
        const text = 'abcdefghijklmnopqrstuvwxyz0123';
        const edits = pairs.map(([a, b]) => ({
          leaf: 0,
          start: Math.min(a, b),
          end: Math.max(a, b),
          replacement: '█',
          rule: 'r',
        }));
        const policy = inputPolicy('p', says({ action: 'redact', edits }));
        const kept = [...text].filter((_, at) => !edits.some(({ start, end }) => start <= at && at < end));

        expect(run(catalogueOf(policy), [leaf(text)]).texts[0]?.replaceAll('█', '')).toBe(kept.join(''));
      }),
    );
  });

  test('never cut a surrogate pair', () => {
    const edits = [{ leaf: 0, start: 2, end: 4, replacement: '_', rule: 'r' }];
    const policy = inputPolicy('p', says({ action: 'redact', edits }));

    expect(run(catalogueOf(policy), [leaf('a😀😀b')]).texts).toEqual(['a_b']);
  });

  test('of a place that cannot be edited become a block', () => {
    const catalogue = catalogueOf(replaceWord('dlp-filter', 'secret', '<S>'));

    const { verdict, blockedBy, records } = run(catalogue, [
      leaf('secret'),
      leaf('a secret key', { fixed: true }),
    ]);

    expect({ verdict, blockedBy, action: records[0]?.action }).toEqual({
      verdict: 'blocked',
      blockedBy: 'dlp-filter',
      action: 'block',
    });
  });

  test('keep the leaves nobody edited as the same objects', () => {
    const leaves = [leaf('a secret'), leaf('fine')];

    const outcome = run(catalogueOf(replaceWord('p', 'secret', '<S>')), leaves);

    expect(outcome.leaves[1]).toBe(leaves[1]);
    expect(outcome.leaves[0]).toEqual({ ...leaves[0], text: 'a <S>' });
    expect(leaves[0]?.text).toBe('a secret');
  });
});

describe('the order of the chain', () => {
  test('ends at a block', () => {
    const never = inputPolicy('never', () => {
      throw new Error('was asked');
    });
    const catalogue = catalogueOf(inputPolicy('stop', says({ action: 'block', message: 'No.' })), never);

    const { verdict, blockedBy, message, records } = run(catalogue, [leaf('x')]);

    expect({ verdict, blockedBy, message }).toEqual({
      verdict: 'blocked',
      blockedBy: 'stop',
      message: 'No.',
    });
    expect(records.map(({ kind }) => kind)).toEqual(['stop']);
  });

  test('goes on after an escalation, so that the text is still redacted', () => {
    const catalogue = catalogueOf(
      inputPolicy('person', says({ action: 'escalate' })),
      replaceWord('p', 'secret', '<S>'),
    );

    expect(run(catalogue, [leaf('secret')])).toMatchObject({
      verdict: 'escalated',
      escalatedBy: 'person',
      texts: ['<S>'],
    });
  });

  test('lets a block outdo an escalation', () => {
    const catalogue = catalogueOf(
      inputPolicy('person', says({ action: 'escalate' })),
      inputPolicy('stop', says({ action: 'block' })),
    );
    const outcome = run(catalogue, [leaf('x')]);

    expect(outcome).toMatchObject({ verdict: 'blocked', blockedBy: 'stop' });
    expect(outcome.escalatedBy).toBeUndefined();
  });

  test('shows a policy what the ones before it said', () => {
    const second = inputPolicy('second', (_, { verdicts }) =>
      says({ action: 'flag', reason: verdicts.get('first')?.reason ?? 'none' })(),
    );
    const catalogue = catalogueOf(inputPolicy('first', says({ reason: 'seen' })), second);

    expect(run(catalogue, [leaf('x')]).verdicts.get('second')?.reason).toBe('seen');
  });

  test('skips policies without an input phase', () => {
    const output = { ...inputPolicy('later', says({})), input: undefined };

    expect(run(catalogueOf(output as never), [leaf('x')])).toMatchObject({ verdict: 'allowed', records: [] });
  });
});

describe('apply_to', () => {
  const leaves = [
    leaf('secret system', { role: 'system' }),
    leaf('secret user'),
    leaf('secret tool', { role: 'tool' }),
  ];
  const only = step('p', { apply_to: ['tool', 'system'] });

  test('keeps the other roles out of sight', () => {
    const { texts, records } = run(catalogueOf(replaceWord('p', 'secret', '<S>')), leaves, [only]);

    expect(texts).toEqual(['<S> system', 'secret user', '<S> tool']);
    expect(records[0]).toMatchObject({ chars_seen: 24, chars_scanned: 24, rules: { 'p.word': 2 } });
  });

  test('tells findings and edits in places of the whole request', () => {
    const said = run(catalogueOf(replaceWord('p', 'secret', '<S>')), leaves, [only]).verdicts.get('p');

    expect(said?.findings.map(({ where }) => where)).toEqual([0, 2]);
    expect(said?.edits?.map((edit) => edit.leaf)).toEqual([0, 2]);
  });
});

describe('mode observe', () => {
  test.each(['block', 'escalate', 'flag', 'redact'] as const)('records %s and changes nothing', (action) => {
    const edits = [{ leaf: 0, start: 0, end: 1, replacement: '', rule: 'r' }];
    const catalogue = catalogueOf(inputPolicy('p', says({ action, edits, findings: [finding] })));

    const outcome = run(catalogue, [leaf('text')], [step('p', { mode: 'observe' })]);

    expect(outcome).toMatchObject({ verdict: 'allowed', texts: ['text'], bypassed: [] });
    expect(outcome.verdicts.size).toBe(0);
    expect(outcome.records).toMatchObject([
      { mode: 'observe', action, reason: 'because', rules: { 'r.one': 1 } },
    ]);
  });

  test('leaves no trace in the vault', () => {
    const exchange = facts();
    const writer = inputPolicy('p', (_, { vault }) => {
      vault.set('<EMAIL_abc234>', 'a@b.example');
      return allow(0);
    });

    run(catalogueOf(writer), [leaf('x')], [step('p', { mode: 'observe' })], exchange);
    expect(exchange.vault.size).toBe(0);
    run(catalogueOf(writer), [leaf('x')], [step('p')], exchange);
    expect(exchange.vault.size).toBe(1);
  });

  test('does not count a failure as bypassed', () => {
    const catalogue = catalogueOf(inputPolicy('p', () => JSON.parse('{')));

    const outcome = run(catalogue, [leaf('x')], [step('p', { mode: 'observe' })]);

    expect(outcome).toMatchObject({
      verdict: 'allowed',
      bypassed: [],
      records: [{ error: 'threw SyntaxError' }],
    });
  });
});

describe('a policy that fails', () => {
  const edit = { leaf: 0, start: 0, end: 1, replacement: '', rule: 'r' };
  const broken: [string, () => unknown, string][] = [
    [
      'throws',
      () => {
        throw new RangeError('4111111111111111');
      },
      'threw RangeError',
    ],
    [
      'throws no error',
      () => {
        throw 'secret';
      },
      'threw',
    ],
    ['returns nothing', () => undefined, 'returned no verdict: nothing'],
    ['returns a promise', () => Promise.resolve(allow(1)), 'returned no verdict: action'],
    ['returns an unknown action', says({ action: 'pass' as never }), 'returned no verdict: action'],
    ['returns no findings', says({ findings: undefined as never }), 'returned no verdict: findings'],
    [
      'returns a finding without a rule',
      says({ findings: [{ score: 1 } as never] }),
      'returned no verdict: findings.0.rule',
    ],
    ['returns NaN as what it scanned', says({ scanned: Number.NaN }), 'returned no verdict: scanned'],
    ['redacts without edits', says({ action: 'redact' }), 'returned no edits to redact with: nothing'],
    [
      'redacts with an empty list',
      says({ action: 'redact', edits: [] }),
      'returned no edits to redact with: nothing',
    ],
    [
      'redacts beyond the text',
      says({ action: 'redact', edits: [{ ...edit, end: 99 }] }),
      'returned an edit outside the text',
    ],
    [
      'redacts backwards',
      says({ action: 'redact', edits: [{ ...edit, start: 2, end: 1 }] }),
      'returned an edit outside the text',
    ],
    [
      'redacts a leaf that is not there',
      says({ action: 'redact', edits: [{ ...edit, leaf: 7 }] }),
      'returned an edit outside the text',
    ],
    [
      'redacts without a replacement',
      says({ action: 'redact', edits: [{ ...edit, replacement: undefined as never }] }),
      'returned no edits to redact with: 0.replacement',
    ],
  ];

  test.each(broken)('because it %s blocks with on_error block', (_, input, error) => {
    const outcome = run(catalogueOf(inputPolicy('p', input as never)), [leaf('text')]);

    expect(outcome).toMatchObject({ verdict: 'blocked', blockedBy: 'p', bypassed: [] });
    expect(outcome.records).toMatchObject([{ action: 'block', reason: 'policy.error', error, rules: {} }]);
  });

  test.each(broken)('because it %s is passed over with on_error allow', (_, input, error) => {
    const catalogue = catalogueOf(inputPolicy('p', input as never), replaceWord('q', 'text', '<T>'));
    const outcome = run(catalogue, [leaf('text')], [step('p', { on_error: 'allow' }), step('q')]);

    expect(outcome).toMatchObject({ verdict: 'redacted', bypassed: ['p'], texts: ['<T>'] });
    expect(outcome.records[0]).toMatchObject({ action: 'allow', reason: 'policy.error', error });
  });

  test('goes to a person with on_error escalate', () => {
    const outcome = run(
      catalogueOf(inputPolicy('p', () => JSON.parse('{'))),
      [leaf('text')],
      [step('p', { on_error: 'escalate' })],
    );

    expect(outcome).toMatchObject({ verdict: 'escalated', escalatedBy: 'p', bypassed: [] });
  });

  test('has failed when it answers after its timeout', () => {
    let us = 0;
    const slow = { now: () => (us += 60_000), buildInput: plainInput };

    const outcome = runInputChain(
      [step('p', { timeout_ms: 50 })],
      catalogueOf(inputPolicy('p', says({}))),
      [leaf('x')],
      facts(),
      slow,
    );

    expect(outcome).toMatchObject({
      verdict: 'blocked',
      records: [{ error: 'took 60 ms, timeout_ms is 50', latency_us: 60_000 }],
    });
  });

  test('has failed when the catalogue does not know it', () => {
    expect(run(catalogueOf(), [leaf('x')], [step('ghost')])).toMatchObject({
      verdict: 'blocked',
      blockedBy: 'ghost',
      records: [{ error: 'is not in the catalogue' }],
    });
  });

  test('never gets what it read into the record', () => {
    const gossip = inputPolicy('p', ({ leaves }) => {
      throw Object.assign(new Error(leaves[0]?.text), { name: leaves[0]?.text });
    });

    expect(JSON.stringify(run(catalogueOf(gossip), [leaf('my card 4111')]).records)).not.toContain('4111');
  });
});

test('a record counts at most 64 rules by name', () => {
  const findings = Array.from({ length: 100 }, (_, index) => ({ rule: `r.${index}`, score: 1 }));
  const { records } = run(catalogueOf(inputPolicy('p', says({ action: 'flag', findings }))), [leaf('x')]);

  expect(Object.keys(records[0]!.rules)).toHaveLength(65);
  expect(records[0]!.rules['more']).toBe(36);
});

test('policies that look at the same leaves share one set of views until an edit', () => {
  let built = 0;
  const counting = {
    now: () => 0,
    buildInput: (leaves: readonly Leaf[]) => {
      built += 1;
      return plainInput(leaves);
    },
  };
  const catalogue = catalogueOf(
    inputPolicy('a', says({})),
    inputPolicy('b', says({})),
    replaceWord('c', 'secret', ''),
    inputPolicy('d', says({})),
  );

  runInputChain(
    [...catalogue.keys()].map((kind) => step(kind)),
    catalogue,
    [leaf('secret')],
    facts(),
    counting,
  );

  expect(built).toBe(2);
});
