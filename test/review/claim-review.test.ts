import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { LedgerEvent } from '#core/ledger/event.ts';
import { actOnReview } from '../../lib/review/act-on-review.ts';
import { heldCase, reviewBench } from './memory-desk.ts';

const claim = { act: 'claim', id: 'c1', by: 'ann' };
const decide = { id: 'c1', state: 'approved', by: 'ann', reason: 'checked' };

async function benchWith(over = {}, options = {}) {
  const bench = reviewBench(options);
  await bench.ports.desk.open(heldCase('c1', over));
  bench.tokens.set('c1', 'task-token');
  return bench;
}

test('a claim names its person for fifteen minutes and is an event without the callback token', async () => {
  const { ports, events } = await benchWith();

  const answer = await actOnReview(ports, claim);

  const until = '2026-11-23T12:15:00.000Z';
  expect(answer).toMatchObject({ ok: true, case: { state: 'claimed', claim: { by: 'ann', until } } });
  expect(LedgerEvent.parse(events[0])).toMatchObject({
    type: 'review.claimed',
    reviewer: 'ann',
    review_id: 'c1',
    detail: `until ${until}`,
  });
  expect(JSON.stringify([answer, events])).not.toContain('task-token');
});

test('another reviewer can neither claim nor decide it, and is told who has it until when', async () => {
  const { ports, cases, resumed, events } = await benchWith();
  await actOnReview(ports, claim);

  for (const wish of [
    { ...claim, by: 'bob' },
    { ...decide, by: 'bob' },
    { ...claim, act: 'unclaim', by: 'bob' },
  ]) {
    const answer = await actOnReview(ports, wish);
    expect(answer).toMatchObject({ ok: false, error: { code: 'claimed' } });
    expect(JSON.stringify(answer)).toContain('ann has claimed this case until 2026-11-23T12:15:00.000Z');
  }

  expect(cases.get('c1')?.decision).toBeUndefined();
  expect([resumed, events.length]).toEqual([[], 1]);
});

test('what was given back is for everyone again', async () => {
  const { ports, events } = await benchWith();
  await actOnReview(ports, claim);
  await actOnReview(ports, { ...claim, act: 'unclaim' });

  expect(await actOnReview(ports, { ...decide, by: 'bob' })).toMatchObject({ ok: true });
  expect(events.map(({ type }) => type)).toEqual(['review.claimed', 'review.unclaimed', 'review.decided']);
});

test.each([
  ['there is none', { ...claim, id: 'c2' }, 'not_found'],
  ['the requester', { ...claim, by: 'eve' }, 'not_allowed'],
  ['no claim to give back', { ...claim, act: 'unclaim' }, 'not_allowed'],
  ['an unknown act', { ...claim, act: 'steal' }, 'invalid_request'],
  ['no name', { ...claim, by: '' }, 'invalid_request'],
])('a claim is refused: %s', async (_, wish, code) => {
  const { ports, events } = await benchWith({ requester: 'eve' });

  expect(await actOnReview(ports, wish)).toMatchObject({ ok: false, error: { code } });
  expect(events).toEqual([]);
});

test('a decided case is not claimed any more: the late one is told who decided', async () => {
  const { ports } = await benchWith();
  await actOnReview(ports, decide);

  const answer = await actOnReview(ports, { ...claim, by: 'bob' });

  expect(answer).toMatchObject({ ok: false, error: { code: 'already_decided', decision: { by: 'ann' } } });
});

test('in 10,000 races of two reviewers exactly one decides, and the other is told who', async () => {
  const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    const pause = () => scheduler.schedule(Promise.resolve(), 'desk');
    const { ports, cases, resumed } = reviewBench({ pause });
    await ports.desk.open(heldCase('c1'));
    const wishes = ['ann', 'bob'].map((by) => ({ ...decide, by }));

    const answers = await scheduler.waitFor(Promise.all(wishes.map((wish) => actOnReview(ports, wish))));

    const winner = cases.get('c1')?.decision?.by;
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.find(({ ok }) => !ok)).toMatchObject({
      error: { code: 'already_decided', decision: { by: winner } },
    });
    expect(resumed.length).toBeLessThanOrEqual(1);
  });
  await fc.assert(property, { numRuns: 10_000, seed: 6 });
}, 120_000);
