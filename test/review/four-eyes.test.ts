import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { LedgerEvent } from '#core/ledger/event.ts';
import { currentText, type ReviewCase, releasedText } from '#core/review/case.ts';
import { textHash } from '#core/review/next-act.ts';
import { claimReview } from '../../lib/review/claim-review.ts';
import { decideReview } from '../../lib/review/decide-review.ts';
import { settleReview } from '../../lib/review/settle-review.ts';
import { heldCase, reviewBench } from './memory-desk.ts';

const ANSWER = 'Take two a day.';
const EDITED = 'Ask your doctor.';

async function benchWith(over: Partial<ReviewCase> = {}, options = {}) {
  const bench = reviewBench(options);
  await bench.ports.desk.open(heldCase('c1', { approvalsNeeded: 2, ...over }));
  bench.tokens.set('c1', 'task-token');
  const hash = () => textHash(bench.cases.get('c1') as ReviewCase);
  const act = (by: string, state: string, more = {}) =>
    decideReview(bench.ports, { id: 'c1', by, state, reason: `${by} says so`, ...more });
  return {
    ...bench,
    act,
    found: () => bench.cases.get('c1') as ReviewCase,
    approve: (by: string, more = {}) => act(by, 'approved', more),
    approveProposed: (by: string) => act(by, 'approved', { text_sha256: hash() }),
    edit: (by: string, text = EDITED) => act(by, 'edited', { text }),
    reject: (by: string) => act(by, 'rejected'),
    types: () => bench.events.map(({ type }) => type),
  };
}

test('one approval of two releases nothing, wakes nobody, and is an event', async () => {
  const { approve, found, events, resumed } = await benchWith();

  expect(await approve('ann')).toMatchObject({ ok: true, case: { state: 'open' } });

  expect([releasedText(found()), found().decision, resumed]).toEqual([undefined, undefined, []]);
  expect(events.map((event) => LedgerEvent.parse(event))).toMatchObject([
    { type: 'review.approved', reviewer: 'ann', detail: 'approved (1 of 2 approvals): ann says so' },
  ]);
});

test('two different people release the answer; the callback goes out once, with the second', async () => {
  const { approve, found, events, resumed } = await benchWith();

  await approve('ann');
  expect(await approve('bob')).toMatchObject({ ok: true, case: { state: 'approved' } });

  expect(releasedText(found())).toBe(ANSWER);
  expect(resumed).toEqual(['task-token approved']);
  expect(events).toMatchObject([
    { type: 'review.approved', reviewer: 'ann' },
    { type: 'review.decided', reviewer: 'bob', detail: 'approved (2 of 2 approvals): bob says so' },
  ]);
});

test.each([
  ['with the same words', {}, ['review.approved', 'review.approved']],
  ['with other words', { reason: 'and again' }, ['review.approved']],
])('the same person twice is refused %s, and told so', async (_name, more, types) => {
  const bench = await benchWith();
  await bench.approve('ann');

  expect(await bench.approve('ann', more)).toMatchObject({
    ok: false,
    error: { code: 'already_approved', approval: { by: 'ann', state: 'approved' } },
  });
  expect(await bench.edit('ann')).toMatchObject({ ok: false, error: { code: 'already_approved' } });
  expect(bench.found().approvals).toHaveLength(1);
  expect(bench.types()).toEqual(types);
});

test('an edit is a new text: the approval before it counts no more, that of the editor does', async () => {
  const { approve, approveProposed, edit, found, resumed } = await benchWith({ approvalsNeeded: 3 });
  await approve('ann');
  await edit('bob');

  expect((await approveProposed('ann')).ok).toBe(true);
  expect(found().decision).toBeUndefined();
  expect(await approveProposed('cid')).toMatchObject({ ok: true, case: { state: 'edited' } });

  expect(releasedText(found())).toBe(EDITED);
  expect(resumed).toEqual(['task-token edited']);
});

test('who approves the answer does not approve the text somebody put in its place', async () => {
  const { approve, edit, found } = await benchWith();
  await edit('ann');

  expect(await approve('bob')).toMatchObject({
    ok: false,
    error: { code: 'text_changed', approval: { by: 'ann', state: 'edited' } },
  });
  const stale = await approve('bob', { text_sha256: 'a'.repeat(64) });
  expect(stale).toMatchObject({ ok: false, error: { code: 'text_changed' } });
  expect(found().decision).toBeUndefined();
});

test('a hash that is not of the answer is refused, also where one approval is enough', async () => {
  const { approve, found } = await benchWith({ approvalsNeeded: 1 });

  expect(await approve('bob', { text_sha256: 'a'.repeat(64) })).toMatchObject({
    ok: false,
    error: { code: 'text_changed' },
  });
  expect((await approve('bob', { text_sha256: textHash(found()) })).ok).toBe(true);
});

test('one rejection rejects, even that of someone who had approved', async () => {
  const { approve, reject, found, events, resumed } = await benchWith();
  await approve('ann');

  expect((await reject('ann')).ok).toBe(true);

  expect([found().state, releasedText(found()), resumed]).toEqual([
    'rejected',
    undefined,
    ['task-token rejected'],
  ]);
  expect(events[1]).toMatchObject({
    type: 'review.decided',
    detail: 'rejected (1 of 2 approvals): ann says so',
  });
  expect(await approve('bob')).toMatchObject({ ok: false, error: { code: 'already_decided' } });
});

test('who asked never counts', async () => {
  const { approve, edit, found } = await benchWith({ requester: 'ann' });

  for (const answer of [await approve('ann'), await edit('ann')])
    expect(answer).toMatchObject({ ok: false, error: { code: 'not_allowed' } });
  expect(found().approvals).toBeUndefined();
});

test('the last approval may be repeated word for word, also of an edited text', async () => {
  const { approve, edit, found, resumed } = await benchWith();
  await edit('ann');
  const words = { text_sha256: textHash(found()) };

  expect((await approve('bob', words)).ok).toBe(true);
  expect((await approve('bob', words)).ok).toBe(true);
  expect(await approve('bob', { ...words, reason: 'other' })).toMatchObject({
    ok: false,
    error: { code: 'already_decided' },
  });
  expect(resumed).toHaveLength(2);
});

test('the claim is free after the first approval, for another person only', async () => {
  const { ports, approve, found } = await benchWith();
  const claim = (by: string) => claimReview(ports, { act: 'claim', id: 'c1', by });
  await claim('ann');
  expect(await approve('bob')).toMatchObject({ ok: false, error: { code: 'claimed' } });
  await approve('ann');

  expect(await claim('ann')).toMatchObject({ ok: false, error: { code: 'already_approved' } });
  expect((await claim('bob')).ok).toBe(true);
  expect((await approve('bob')).ok).toBe(true);
  expect(found().state).toBe('approved');
});

test.each([
  ['reject', 'approve', undefined],
  ['release', 'approve', ANSWER],
  ['reject', 'edit', undefined],
  ['release', 'edit', EDITED],
] as const)(
  'a half-approved case expires by its on_timeout: %s after one %s',
  async (onTimeout, first, text) => {
    const bench = await benchWith({ onTimeout });
    await bench[first]('ann');

    await settleReview(bench.ports, { caseId: 'c1', outcome: 'expired' });

    expect(bench.found().state).toBe('expired');
    expect(releasedText(bench.found())).toBe(text);
  },
);

test('reviewers who undo each other are stopped after twenty acts', async () => {
  const { edit, approveProposed, found } = await benchWith();
  for (let n = 0; n < 20; n += 1) await edit(n % 2 ? 'ann' : 'bob', `text ${n}`);

  expect(await edit('bob', 'once more')).toMatchObject({ ok: false, error: { code: 'not_allowed' } });
  expect((await approveProposed('bob')).ok).toBe(true);
  expect(releasedText(found())).toBe('text 19');
});

interface Step {
  readonly by: string;
  /** Steps of others before this one begins. */
  readonly after: number;
  readonly what: 'approve' | 'approveProposed' | 'edit' | 'reject';
}
const steps = fc.array(
  fc.record<Step>({
    by: fc.constantFrom('ann', 'bob', 'cid', 'dan'),
    after: fc.nat(12),
    what: fc.constantFrom('approve', 'approve', 'approveProposed', 'approveProposed', 'edit', 'reject'),
  }),
  { minLength: 2, maxLength: 7 },
);

/** What must hold of every history of a case, whatever raced with what. */
function expectFourEyes(found: ReviewCase, events: readonly LedgerEvent[], needed: number): void {
  const acts = found.approvals ?? [];
  const from = Math.max(
    0,
    acts.findLastIndex(({ state }) => state === 'edited'),
  );
  const text = releasedText(found);
  if (text !== undefined) {
    const people = [...acts.slice(from).map(({ by }) => by), found.decision?.by];
    expect(new Set(people).size).toBe(people.length);
    expect(people).toHaveLength(needed);
    for (const { reason } of [...acts.slice(from), { reason: found.decision?.reason }])
      expect(reason).toBe(text);
    expect(text).toBe(acts[from]?.text ?? (needed === 1 ? found.decision?.text : undefined) ?? ANSWER);
  }
  const decided = events.filter(({ type }) => type === 'review.decided');
  expect(new Set(decided.map(({ reviewer, detail }) => `${reviewer} ${detail}`)).size).toBe(
    found.decision ? 1 : 0,
  );
  const approved = events.filter(({ type }) => type === 'review.approved').map(({ reviewer }) => reviewer);
  expect([...new Set(approved)].sort()).toEqual([...new Set(acts.map(({ by }) => by))].sort());
}

test('in 10,000 races of reviewers nothing is released without enough different people, and one decision stands', async () => {
  let releases = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      steps,
      fc.integer({ min: 1, max: 3 }),
      async (scheduler, acts, needed) => {
        const pause = async () => void (await scheduler.schedule(Promise.resolve()));
        const bench = await benchWith({ approvalsNeeded: needed }, { pause });

        const race = Promise.all(
          acts.map(async ({ by, after, what }) => {
            for (let n = 0; n < after; n += 1) await pause();
            // What each one has read stands in the reason.
            const proposed = { text_sha256: textHash(bench.found()), reason: currentText(bench.found()) };
            if (what === 'edit') return bench.act(by, 'edited', { text: `by ${by}`, reason: `by ${by}` });
            if (what === 'reject') return bench.reject(by);
            return bench.approve(by, what === 'approve' ? { reason: ANSWER } : proposed);
          }),
        );
        await scheduler.waitFor(race);
        const answers = await race;

        expectFourEyes(bench.found(), bench.events, needed);
        if (bench.found().decision) expect(answers.some(({ ok }) => ok)).toBe(true);
        if (releasedText(bench.found()) !== undefined) releases += 1;
      },
    ),
    { numRuns: 10_000, seed: 20261128 },
  );
  expect(releases).toBeGreaterThan(1_000);
});
