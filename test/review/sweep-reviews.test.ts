import { expect, test } from '@jest/globals';
import type { ReviewFlow } from '#core/ports.ts';
import { releasedText } from '#core/review/case.ts';
import { actOnReview } from '../../lib/review/act-on-review.ts';
import { decideReview } from '../../lib/review/decide-review.ts';
import type { ReviewPorts } from '../../lib/review/ports.ts';
import { settleReview } from '../../lib/review/settle-review.ts';
import { sweepReviews } from '../../lib/review/sweep-reviews.ts';
import { heldCase, reviewBench } from './memory-desk.ts';

/** Runs the sweeper on a clock that waiting moves. */
function sweep(ports: ReviewPorts) {
  let now = ports.clock.now();
  return sweepReviews({
    ...ports,
    clock: { now: () => now },
    tell: (request) => actOnReview(ports, request),
    wait: async (ms) => {
      now += ms;
    },
  });
}

/** The bench's clock stands at 12:00. */
const at = (time: string) => `2026-11-23T${time}.000Z`;

function flowThat(state: { isDown: boolean }) {
  const starts: string[] = [];
  async function start(id: string, seconds?: number): Promise<void> {
    if (state.isDown) throw new Error('Step Functions is down');
    starts.push(`${id} ${seconds}`);
  }
  return { starts, flow: { start } };
}

test('while Step Functions is down nothing is released; the start is tried again; the deadline closes the case', async () => {
  const state = { isDown: true };
  const { flow, starts } = flowThat(state);
  const { ports, cases, errors } = reviewBench({ flow });
  await ports.desk.open(
    heldCase('c1', { openedAt: at('11:50:00'), dueAt: at('12:10:00'), onTimeout: 'release' }),
  );

  expect(await sweep(ports)).toEqual({ expired: 0, started: 0, told: 0 });
  expect(releasedText(cases.get('c1')!)).toBeUndefined();
  expect(errors).toHaveLength(1);

  state.isDown = false;
  expect(await sweep(ports)).toEqual({ expired: 0, started: 1, told: 0 });
  expect(starts).toEqual(['c1 600']);

  const later = { ...ports, clock: { now: () => Date.parse(at('12:11:01')) } };
  expect(await sweep(later)).toEqual({ expired: 1, started: 0, told: 0 });
  expect(cases.get('c1')?.decision).toMatchObject({ state: 'expired', by: 'system' });
});

test.each([
  ['reject', undefined, ['review.expired']],
  ['release', 'Take two a day.', ['review.expired', 'review.released']],
] as const)('a lost case past its time expires by its on_timeout: %s', async (onTimeout, text, types) => {
  const { ports, cases, events } = reviewBench();
  await ports.desk.open(heldCase('c1', { dueAt: at('11:00:00'), onTimeout }));

  expect(await sweep(ports)).toEqual({ expired: 1, started: 0, told: 0 });
  expect(await sweep(ports)).toEqual({ expired: 0, started: 0, told: 0 });

  expect(releasedText(cases.get('c1')!)).toBe(text);
  expect(events.map(({ type }) => type)).toEqual(types);
});

test('the machine is given ten seconds to begin', async () => {
  const { flow, starts } = flowThat({ isDown: false });
  const { ports } = reviewBench({ flow });
  await ports.desk.open(heldCase('just-opened', { openedAt: at('11:59:51'), dueAt: at('12:58:30') }));

  expect(await sweep(ports)).toEqual({ expired: 0, started: 0, told: 0 });
  expect(starts).toEqual([]);
});

test('a case that the machine closes at its time is left to it', async () => {
  const { ports, cases, events } = reviewBench();
  await ports.desk.open(heldCase('c1', { dueAt: at('12:00:20') }));
  const wait = () => settleReview(ports, { caseId: 'c1', outcome: 'expired' });

  expect(await sweepReviews({ ...ports, tell: async () => {}, wait })).toMatchObject({ expired: 0 });
  expect(cases.get('c1')?.decision?.state).toBe('expired');
  expect(events.map(({ type }) => type)).toEqual(['review.expired']);
});

test('without a machine a case of the default hour is closed within 1 % of its time, never before it', async () => {
  for (let second = 0; second < 60; second += 1) {
    const due = Date.parse(at('12:00:00')) + second * 1000;
    const { ports, cases } = reviewBench();
    const openedAt = new Date(due - 3_600_000).toISOString();
    await ports.desk.open(heldCase('c1', { openedAt, dueAt: new Date(due).toISOString() }));
    await ports.desk.keepToken('c1', 'of a machine that was stopped');

    for (const run of ['12:00:00', '12:01:00'])
      await sweep({ ...ports, clock: { now: () => Date.parse(at(run)) } });

    const late = Date.parse(cases.get('c1')?.decision?.at ?? '') - due;
    expect([second, late >= 0 && late <= 36_000]).toEqual([second, true]);
  }
});

test('a case whose machine waits is not started again', async () => {
  const { ports } = reviewBench();
  await ports.desk.open(heldCase('c1', { dueAt: at('13:00:00') }));
  await ports.desk.keepToken('c1', 'token');

  expect(await sweep(ports)).toEqual({ expired: 0, started: 0, told: 0 });
});

test('one run starts no more than 25', async () => {
  const { flow, starts } = flowThat({ isDown: false });
  const { ports } = reviewBench({ flow });
  for (let n = 0; n < 30; n += 1) await ports.desk.open(heldCase(`c${n}`, { dueAt: at('13:00:00') }));

  expect(await sweep(ports)).toEqual({ expired: 0, started: 25, told: 0 });
  expect(starts).toHaveLength(25);
});

test('a case that cannot be closed is logged and keeps no other one open', async () => {
  const { ports, cases, errors } = reviewBench();
  for (const id of ['broken', 'c1']) await ports.desk.open(heldCase(id, { dueAt: at('11:00:00') }));
  const decide: typeof ports.desk.decide = async (id, decision) => {
    if (id === 'broken') throw new Error('out of reach');
    return ports.desk.decide(id, decision);
  };

  expect(await sweep({ ...ports, desk: { ...ports.desk, decide } })).toEqual({
    expired: 1,
    started: 0,
    told: 0,
  });
  expect(cases.get('c1')?.decision?.state).toBe('expired');
  expect(errors).toMatchObject([{ case_id: 'broken' }]);
});

const approve = { id: 'c1', state: 'approved', by: 'ann', reason: 'fine' };

test('while the callback fails the decision stands; it is told again until the machine heard of it, and recorded once', async () => {
  const state = { isDown: true };
  const heard: string[] = [];
  const resume: ReviewFlow['resume'] = async (token) => {
    if (state.isDown) throw new Error('Step Functions is down');
    heard.push(token);
    return 'resumed';
  };
  const { ports, cases, events, errors } = reviewBench({ flow: { resume } });
  await ports.desk.open(heldCase('c1', { dueAt: at('13:00:00') }));
  await ports.desk.keepToken('c1', 'token');
  const later = { ...ports, clock: { now: () => Date.parse(at('12:00:31')) } };

  expect(await decideReview(ports, approve)).toMatchObject({ ok: true });
  expect(await sweep(ports)).toMatchObject({ told: 0 });
  expect(errors).toHaveLength(1);
  expect(await sweep(later)).toMatchObject({ told: 0 });

  state.isDown = false;
  expect(await sweep(later)).toMatchObject({ told: 1 });
  expect(await sweep(later)).toMatchObject({ told: 0 });
  expect(heard).toEqual(['token']);
  expect(releasedText(cases.get('c1')!)).toBe('Take two a day.');
  expect(events.map(({ type }) => type)).toEqual(['review.decided']);
});

test('a crash right after the decision loses neither its event nor its callback', async () => {
  const { ports, events, resumed } = reviewBench();
  await ports.desk.open(heldCase('c1', { dueAt: at('13:00:00') }));
  await ports.desk.keepToken('c1', 'token');
  const record = () => Promise.reject(new Error('killed'));
  await expect(decideReview({ ...ports, record }, approve)).rejects.toThrow('killed');
  expect([events, resumed]).toEqual([[], []]);

  await sweep({ ...ports, clock: { now: () => Date.parse(at('12:00:31')) } });

  expect(events.map(({ type }) => type)).toEqual(['review.decided']);
  expect(resumed).toEqual(['token approved']);
});

test('a decision that was told is not told again', async () => {
  const { ports, resumed } = reviewBench();
  await ports.desk.open(heldCase('c1', { dueAt: at('13:00:00') }));
  await ports.desk.keepToken('c1', 'token');
  await decideReview(ports, approve);

  expect(await sweep({ ...ports, clock: { now: () => Date.parse(at('12:30:00')) } })).toMatchObject({
    told: 0,
  });
  expect(resumed).toHaveLength(1);
});

test('a case decided before its machine ever ran gets one, so that it ends like every other', async () => {
  const { flow, starts } = flowThat({ isDown: false });
  const { ports, events } = reviewBench({ flow });
  await ports.desk.open(heldCase('c1'));
  await decideReview(ports, approve);
  const later = { ...ports, clock: { now: () => Date.parse(at('12:00:31')) } };

  expect(await sweep(later)).toMatchObject({ told: 1 });
  expect(await sweep(later)).toMatchObject({ told: 0 });

  expect(starts).toEqual(['c1 undefined']);
  expect(events.map(({ type }) => type)).toEqual(['review.decided']);
});
