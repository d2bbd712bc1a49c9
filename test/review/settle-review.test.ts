import { expect, test } from '@jest/globals';
import { LedgerEvent } from '#core/ledger/event.ts';
import { releasedText } from '#core/review/case.ts';
import { decideReview } from '../../lib/review/decide-review.ts';
import { settleReview } from '../../lib/review/settle-review.ts';
import { heldCase, reviewBench } from './memory-desk.ts';

const byAnn = { id: 'c1', by: 'ann', reason: 'fine' };

async function benchWith(over = {}) {
  const bench = reviewBench();
  await bench.ports.desk.open(heldCase('c1', over));
  return bench;
}

function types(events: LedgerEvent[]): string[] {
  return events.map((event) => LedgerEvent.parse(event).type);
}

test('an expired case with on_timeout reject releases nothing', async () => {
  const { ports, cases, events } = await benchWith();

  const settled = await settleReview(ports, { caseId: 'c1', outcome: 'expired', decision: null });

  expect(settled).toEqual({ caseId: 'c1', state: 'expired', released: false });
  expect(cases.get('c1')?.decision).toMatchObject({ state: 'expired', by: 'system' });
  expect(types(events)).toEqual(['review.expired']);
  expect(events[0]?.auth).toBe('system');
});

test('an expired case with on_timeout release is released', async () => {
  const { ports, events } = await benchWith({ onTimeout: 'release' });

  const settled = await settleReview(ports, { caseId: 'c1', outcome: 'expired' });

  expect(settled.released).toBe(true);
  expect(types(events)).toEqual(['review.expired', 'review.released']);
});

test('a machine that failed rejects the case even where a timeout would release it', async () => {
  const { ports, cases, events } = await benchWith({ onTimeout: 'release' });

  const settled = await settleReview(ports, { caseId: 'c1', outcome: 'failed' });

  expect(settled).toMatchObject({ state: 'rejected', released: false });
  expect(releasedText(cases.get('c1')!)).toBeUndefined();
  expect(types(events)).toEqual(['review.decided']);
});

test('an approved case is recorded as released with the name of the reviewer', async () => {
  const { ports, events } = await benchWith();
  await decideReview(ports, { ...byAnn, state: 'approved' });

  await settleReview(ports, { caseId: 'c1', outcome: 'decided' });

  expect(types(events)).toEqual(['review.decided', 'review.released']);
  expect(events[1]?.reviewer).toBe('ann');
});

test('a rejected case is not released', async () => {
  const { ports, events } = await benchWith();
  await decideReview(ports, { ...byAnn, state: 'rejected' });

  expect(await settleReview(ports, { caseId: 'c1', outcome: 'decided' })).toMatchObject({ released: false });
  expect(types(events)).toEqual(['review.decided']);
});

test('a timeout after a decision does not touch the decision', async () => {
  const { ports, cases } = await benchWith();
  await decideReview(ports, { ...byAnn, state: 'approved' });

  const settled = await settleReview(ports, { caseId: 'c1', outcome: 'expired' });

  expect(settled).toMatchObject({ state: 'approved', released: true });
  expect(cases.get('c1')?.decision?.by).toBe('ann');
});

test('a decision whose callback was lost still gets its event', async () => {
  const { ports, cases, events } = await benchWith();
  const decision = { state: 'rejected', by: 'ann', at: '2026-11-23T10:30:00.000Z', reason: 'wrong' } as const;
  cases.set('c1', heldCase('c1', { state: 'rejected', decision }));

  await settleReview(ports, { caseId: 'c1', outcome: 'expired' });

  expect(events).toMatchObject([{ type: 'review.decided', reviewer: 'ann', at: decision.at }]);
});

test('a case that does not exist is an error of the machine', async () => {
  const { ports } = await benchWith();

  await expect(settleReview(ports, { caseId: 'c2', outcome: 'expired' })).rejects.toThrow(
    'c2 does not exist',
  );
});
