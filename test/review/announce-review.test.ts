import { beforeEach, expect, test } from '@jest/globals';
import type { Announcement } from '#core/announce/announcement.ts';
import { type AnnounceReview, reviewAnnouncer } from '../../lib/review/announce-review.ts';
import { decideReview } from '../../lib/review/decide-review.ts';
import { keepToken } from '../../lib/review/keep-token.ts';
import { settleReview } from '../../lib/review/settle-review.ts';
import { sweepReviews } from '../../lib/review/sweep-reviews.ts';
import { heldCase, reviewBench } from './memory-desk.ts';

const CANARY = 'the-held-text-itself';
const message = { caseId: 'c1', token: 'task-token-canary' };
let heard: Announcement[];
let errors: unknown[];
let announce: AnnounceReview;
let bench: ReturnType<typeof reviewBench>;

beforeEach(async () => {
  heard = [];
  errors = [];
  const log = { info: () => {}, error: (text: string, fields = {}) => errors.push({ text, ...fields }) };
  const announcer = { announce: async (one: Announcement) => void heard.push(one) };
  announce = reviewAnnouncer(announcer, { environment: 'test', log });
  bench = reviewBench();
  await bench.ports.desk.open(heldCase('c1', { answer: CANARY }));
});

const settle = (outcome: 'decided' | 'expired') =>
  settleReview({ ...bench.ports, announce }, { caseId: 'c1', outcome });

test('a case is announced when its machine begins to wait', async () => {
  await keepToken(bench.ports.desk, message, announce);

  expect(heard).toEqual([
    {
      type: 'Review Requested',
      id: 'c1/requested',
      at: '2026-11-23T10:00:00.000Z',
      environment: 'test',
      app_id: 'support',
      review_id: 'c1',
      request_id: 'c1',
      phase: 'output',
      model: 'gpt-4o-mini',
      rules: ['oversight.medical'],
      due_at: '2026-11-23T13:00:00.000Z',
      on_timeout: 'reject',
      approvals_needed: 1,
      approvals: 0,
    },
  ]);
});

test('a case that was decided before its machine waited asks nobody', async () => {
  await decideReview(bench.ports, { id: 'c1', state: 'approved', by: 'ann', reason: 'fine' });

  await expect(keepToken(bench.ports.desk, message, announce)).rejects.toThrow('already approved');

  expect(heard).toEqual([]);
});

test('a decided case is announced as decided', async () => {
  await decideReview(bench.ports, { id: 'c1', state: 'approved', by: 'ann', reason: 'fine' });
  await settle('decided');

  expect(heard).toMatchObject([
    { type: 'Review Decided', id: 'c1/closed', state: 'approved', released: true },
  ]);
});

test('an approval that leaves a case undecided asks for one more person, and the last one does not', async () => {
  await bench.ports.desk.open(heldCase('c2', { answer: CANARY, approvalsNeeded: 2 }));
  const ports = { ...bench.ports, announce };

  await decideReview(ports, { id: 'c2', state: 'approved', by: 'ann', reason: 'fine' });
  await decideReview(ports, { id: 'c2', state: 'approved', by: 'ann', reason: 'fine' });
  await decideReview(ports, { id: 'c2', state: 'approved', by: 'bob', reason: 'fine' });

  expect(heard).toMatchObject([
    { type: 'Review Requested', id: 'c2/requested/1', approvals_needed: 2, approvals: 1 },
  ]);
});

test('a held request is announced as one, from its wait to its release', async () => {
  const held = heldCase('c3', { answer: CANARY, phase: 'input', requestId: 'call-1' });
  await bench.ports.desk.open(held);
  await keepToken(bench.ports.desk, { caseId: 'c3', token: 'task-token-canary' }, announce);
  await decideReview(bench.ports, { id: 'c3', state: 'approved', by: 'ann', reason: 'fine' });
  await settleReview({ ...bench.ports, announce }, { caseId: 'c3', outcome: 'decided' });

  const about = { review_id: 'c3', request_id: 'call-1', phase: 'input' };
  expect(heard).toMatchObject([
    { ...about, type: 'Review Requested' },
    { ...about, type: 'Review Decided', released: true },
  ]);
});

test('a case that nobody decided is announced as expired, also where its machine was lost', async () => {
  const clock = { now: () => Date.parse('2026-11-23T13:00:10.000Z') };
  await sweepReviews({ ...bench.ports, clock, announce, tell: async () => {}, wait: async () => {} });

  expect(heard).toMatchObject([{ type: 'Review Expired', state: 'expired', released: false }]);
});

test('a retried settlement announces under the same id', async () => {
  await settle('expired');
  await settle('expired');

  expect(new Set(heard.map(({ id }) => id))).toEqual(new Set(['c1/closed']));
});

test('an announcement holds neither the text, nor the token, nor the reason or the name of who decided', async () => {
  await keepToken(bench.ports.desk, message, announce);
  const wish = { id: 'c1', state: 'edited', by: 'ann-canary', reason: 'reason-canary', text: 'edit-canary' };
  await decideReview(bench.ports, wish);
  await settle('decided');

  expect(heard).toHaveLength(2);
  expect(JSON.stringify(heard)).not.toMatch(/canary|the-held-text/);
});

test('a bus that fails blocks neither the wait nor the end, and is told in the log', async () => {
  const log = { info: () => {}, error: (text: string, fields = {}) => errors.push({ text, ...fields }) };
  const failing = { announce: () => Promise.reject(new Error('the event bus did not take it')) };
  announce = reviewAnnouncer(failing, { environment: 'test', log });

  await keepToken(bench.ports.desk, message, announce);
  expect(await settle('expired')).toMatchObject({ state: 'expired' });

  expect(errors).toMatchObject([
    { text: 'announcement failed', type: 'Review Requested', id: 'c1/requested' },
    { text: 'announcement failed', type: 'Review Expired', id: 'c1/closed' },
  ]);
});
