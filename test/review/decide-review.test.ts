import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { LedgerEvent } from '#core/ledger/event.ts';
import { actOnReview } from '../../lib/review/act-on-review.ts';
import { decideReview } from '../../lib/review/decide-review.ts';
import { heldCase, reviewBench } from './memory-desk.ts';

const approve = { id: 'c1', state: 'approved', by: 'ann', reason: 'checked with the doctor' };

async function benchWith(over = {}, options = {}) {
  const bench = reviewBench(options);
  await bench.ports.desk.open(heldCase('c1', over));
  bench.tokens.set('c1', 'task-token');
  return bench;
}

test('a decision is kept with the case', async () => {
  const { ports, cases } = await benchWith();

  const answer = await decideReview(ports, approve);

  expect(answer.ok).toBe(true);
  expect(cases.get('c1')?.decision).toEqual({
    state: 'approved',
    by: 'ann',
    reason: 'checked with the doctor',
    at: '2026-11-23T12:00:00.000Z',
  });
});

test('a decision is an event with the identity of the reviewer', async () => {
  const { ports, events } = await benchWith();

  await decideReview(ports, approve);

  expect(LedgerEvent.parse(events[0])).toMatchObject({
    type: 'review.decided',
    request_id: 'c1',
    review_id: 'c1',
    reviewer: 'ann',
    auth: 'console',
    detail: 'approved: checked with the doctor',
    app_id: 'support',
    pack_hash: 'pack-hash-of-the-case',
  });
});

test('a decision resumes the state machine with the kept token', async () => {
  const { ports, resumed } = await benchWith();

  await decideReview(ports, approve);

  expect(resumed).toEqual(['task-token approved']);
});

test('the callback token never reaches an event', async () => {
  const { ports, events } = await benchWith();

  await decideReview(ports, approve);

  expect(JSON.stringify(events)).not.toContain('task-token');
});

test('a decision before the machine waits is taken without a callback', async () => {
  const { ports, tokens, resumed } = await benchWith();
  tokens.clear();

  expect((await decideReview(ports, approve)).ok).toBe(true);
  expect(resumed).toEqual([]);
});

test('a lost callback leaves the decision standing', async () => {
  const lose = async () => {
    throw new Error('the network ate task-token');
  };
  const { ports, cases, errors } = await benchWith({}, { flow: { resume: lose } });

  expect((await decideReview(ports, approve)).ok).toBe(true);
  expect(cases.get('c1')?.state).toBe('approved');
  expect(errors).toEqual([{ message: expect.any(String), case_id: 'c1', error: 'Error' }]);
});

test('the second reviewer is told who won', async () => {
  const { ports, events } = await benchWith();
  await decideReview(ports, approve);

  const answer = await decideReview(ports, { ...approve, state: 'rejected', by: 'bob' });

  expect(answer).toMatchObject({ ok: false, error: { code: 'already_decided', decision: { by: 'ann' } } });
  expect(events).toHaveLength(1);
});

test('the same reviewer may repeat the same decision', async () => {
  const { ports, resumed } = await benchWith();

  await decideReview(ports, approve);
  const again = await decideReview(ports, approve);

  expect(again.ok).toBe(true);
  expect(resumed).toHaveLength(2);
});

test('the same reviewer cannot change the decision', async () => {
  const { ports, cases } = await benchWith();
  await decideReview(ports, approve);

  const answer = await decideReview(ports, { ...approve, state: 'rejected' });

  expect(answer).toMatchObject({ ok: false, error: { code: 'already_decided' } });
  expect(cases.get('c1')?.state).toBe('approved');
});

test('who asked for the answer cannot decide about it', async () => {
  const { ports, cases } = await benchWith({ requester: 'ann' });

  const answer = await decideReview(ports, approve);

  expect(answer).toMatchObject({ ok: false, error: { code: 'not_allowed' } });
  expect(cases.get('c1')?.state).toBe('open');
});

test('a case nobody opened is not found', async () => {
  const { ports } = await benchWith();

  expect(await decideReview(ports, { ...approve, id: 'c2' })).toMatchObject({
    ok: false,
    error: { code: 'not_found' },
  });
});

test.each([
  ['no reason', { ...approve, reason: '  ' }, 'reason'],
  ['an unknown state', { ...approve, state: 'expired' }, 'state'],
  ['an edit without text', { ...approve, state: 'edited' }, 'text'],
  ['an edit with a blank text', { ...approve, state: 'edited', text: ' ' }, 'text'],
  ['a text with an approval', { ...approve, text: 'other' }, 'text'],
  ['a lone surrogate', { ...approve, state: 'edited', text: 'a\ud800' }, 'text'],
  ['a text that no table could keep', { ...approve, state: 'edited', text: 'a'.repeat(100_001) }, 'text'],
  ['an unknown field', { ...approve, at: 'yesterday' }, 'at'],
  ['an id that is none', { ...approve, id: '../c1' }, 'id'],
])('%s is refused before anything is written', async (_name, request, field) => {
  const { ports, cases, events } = await benchWith();

  const answer = await decideReview(ports, request);

  expect(answer).toMatchObject({ ok: false, error: { code: 'invalid_request' } });
  expect(answer.ok ? '' : answer.error.message).toContain(field);
  expect([cases.get('c1')?.state, events]).toEqual(['open', []]);
});

test('of two reviewers exactly one wins in every order of steps', async () => {
  const states = fc.constantFrom('approved', 'rejected');
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), states, states, async (scheduler, first, second) => {
      const pause = async () => void (await scheduler.schedule(Promise.resolve()));
      const { ports, cases, events } = reviewBench({ pause });
      await ports.desk.open(heldCase('c1'));

      const race = Promise.all([
        decideReview(ports, { ...approve, state: first, by: 'ann' }),
        decideReview(ports, { ...approve, state: second, by: 'bob' }),
      ]);
      await scheduler.waitFor(race);
      const [ann, bob] = await race;

      const winner = ann.ok ? 'ann' : 'bob';
      expect(ann.ok).not.toBe(bob.ok);
      expect([ann, bob].find((answer) => !answer.ok)).toMatchObject({ error: { decision: { by: winner } } });
      expect(cases.get('c1')?.decision?.by).toBe(winner);
      expect(events.map((event) => event.reviewer)).toEqual([winner]);
    }),
    { numRuns: 1_000 },
  );
});

test.each(['decide', 'claim'])(
  'after the due time nobody can %s, also while nothing has closed the case',
  async (act) => {
    const { ports, cases, events } = reviewBench();
    await ports.desk.open(heldCase('c1', { dueAt: '2026-11-23T12:00:00.000Z' }));

    const wish = act === 'claim' ? { act, id: 'c1', by: 'ann' } : approve;
    const answer = await actOnReview(ports, wish);

    expect(answer).toMatchObject({
      ok: false,
      error: {
        code: 'already_decided',
        decision: { state: 'expired', by: 'system', at: '2026-11-23T12:00:00.000Z' },
      },
    });
    expect(cases.get('c1')?.decision).toBeUndefined();
    expect(events).toEqual([]);
  },
);
