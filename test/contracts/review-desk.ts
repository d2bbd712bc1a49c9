import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ReviewDesk } from '#core/ports.ts';
import type { ReviewApproval, ReviewCase, ReviewDecision } from '#core/review/case.ts';
import { sampleCase } from './sample-records.ts';

function decision(over: Partial<ReviewDecision> = {}): ReviewDecision {
  return { state: 'approved', by: 'ann@local', at: new Date().toISOString(), reason: 'checked', ...over };
}

/** What every ReviewDesk promises. `make` gives an empty one. */
export function reviewDeskContract(name: string, make: () => Promise<ReviewDesk>): void {
  describe(`review desk: ${name}`, () => {
    let desk: ReviewDesk;
    beforeEach(async () => {
      desk = await make();
    });

    test('an opened case is found by its id, whole', async () => {
      const held = sampleCase({ requester: 'bob@local', answer: 'ümläut 🙂\n'.repeat(300) });

      await desk.open(held);

      expect(await desk.get(held.id)).toEqual(held);
    });

    test.each(['unknown', '', '../../etc/passwd', '__proto__', 'x'.repeat(5000)])(
      'a case that does not exist is not found (%#)',
      async (id) => {
        expect(await desk.get(id)).toBeUndefined();
      },
    );

    test('opening a case again changes nothing, not even after the decision', async () => {
      const held = sampleCase();
      await desk.open(held);
      const decided = await desk.decide(held.id, decision());
      await desk.open({ ...held, answer: 'Take twenty a day.' });

      expect(await desk.get(held.id)).toEqual(decided);
    });

    test('a repeat of the request finds the newest case of its app', async () => {
      const older = sampleCase({ id: '01AAAAAAAAAAAAAAAAAAAAAAAA' });
      const newer = sampleCase({ id: '01BBBBBBBBBBBBBBBBBBBBBBBB' });
      for (const held of [
        older,
        newer,
        sampleCase({ appId: 'sales' }),
        sampleCase({ requestHash: 'b'.repeat(64) }),
      ]) {
        await desk.open(held);
      }

      expect(await desk.findByRequest(newer.appId, newer.requestHash)).toEqual(newer);
      expect(await desk.findByRequest('nobody', newer.requestHash)).toBeUndefined();
    });

    test('a decision is kept with the case', async () => {
      const held = sampleCase();
      const decided = decision({ state: 'rejected', reason: 'wrong dose' });
      await desk.open(held);

      expect(await desk.decide(held.id, decided)).toEqual({ ...held, state: 'rejected', decision: decided });
      expect(await desk.get(held.id)).toEqual({ ...held, state: 'rejected', decision: decided });
    });

    test('an edited text is kept beside the original answer', async () => {
      const held = sampleCase();
      const edited = decision({ state: 'edited', text: 'Ask your doctor.' });
      await desk.open(held);
      await desk.decide(held.id, edited);

      const found = await desk.get(held.id);

      expect(found?.answer).toBe(held.answer);
      expect(found?.decision).toEqual(edited);
    });

    test('of many reviewers at the same time exactly one decides', async () => {
      const held = sampleCase();
      await desk.open(held);
      const wishes = Array.from({ length: 12 }, (_, i) =>
        decision({ by: `reviewer-${i}@local`, state: i % 2 === 0 ? 'approved' : 'rejected' }),
      );

      const outcomes = await Promise.all(wishes.map((wish) => desk.decide(held.id, wish)));

      const winners = outcomes.filter((outcome) => outcome !== undefined);
      expect(winners).toHaveLength(1);
      expect((await desk.get(held.id))?.decision).toEqual(winners[0]?.decision);
    });

    const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
    const claimBy = (by: string, from = 0, to = 900) => ({ by, at: at(from), until: at(to) });

    test('of many reviewers at the same time exactly one claims, and only that one gives it back', async () => {
      const held = sampleCase();
      await desk.open(held);
      const claims = Array.from({ length: 8 }, (_, i) => claimBy(`reviewer-${i}@local`));

      const outcomes = await Promise.all(claims.map((claim) => desk.claim(held.id, claim)));

      const [winner, ...more] = outcomes.filter((outcome) => outcome !== undefined);
      expect(more).toEqual([]);
      expect(winner).toEqual({ ...held, state: 'claimed', claim: winner?.claim });
      expect(await desk.get(held.id)).toEqual(winner);
      expect(await desk.unclaim(held.id, 'somebody else')).toBeUndefined();
      expect(await desk.unclaim(held.id, winner?.claim?.by ?? '')).toEqual(held);
      expect(await desk.get(held.id)).toEqual(held);
    });

    test('a claimed case is decided by its claimer or the system, by nobody else', async () => {
      const held = sampleCase();
      const other = sampleCase();
      for (const one of [held, other]) {
        await desk.open(one);
        await desk.claim(one.id, claimBy('ann@local'));
      }

      expect(await desk.decide(held.id, decision({ by: 'bob@local' }))).toBeUndefined();
      expect((await desk.decide(held.id, decision({ by: 'ann@local' })))?.state).toBe('approved');
      expect((await desk.decide(other.id, decision({ by: 'system', state: 'expired' })))?.state).toBe(
        'expired',
      );
      expect(await desk.claim(held.id, claimBy('ann@local'))).toBeUndefined();
      expect(await desk.unclaim(held.id, 'ann@local')).toBeUndefined();
    });

    test('a claim is renewed by its claimer, and blocks nobody once it has lapsed', async () => {
      const held = sampleCase();
      await desk.open(held);
      await desk.claim(held.id, claimBy('ann@local', -900, 900));
      const renewed = claimBy('ann@local', -800, -1);

      await desk.claim(held.id, renewed);

      expect(await desk.get(held.id)).toEqual(held);
      expect((await desk.claim(held.id, claimBy('bob@local')))?.claim?.by).toBe('bob@local');
    });

    const approval = (by: string, over: Partial<ReviewApproval> = {}): ReviewApproval => ({
      state: 'approved',
      by,
      at: new Date().toISOString(),
      reason: 'read',
      ...over,
    });
    const ofTwo = (over: Partial<ReviewCase> = {}) => sampleCase({ approvalsNeeded: 2, ...over });

    test('an approval is kept with the case, which stays open and in its list', async () => {
      const held = ofTwo();
      const first = approval('ann@local');
      await desk.open(held);

      const approved = await desk.approve(held.id, first, 0);

      expect(approved).toEqual({ ...held, approvals: [first] });
      expect(await desk.get(held.id)).toEqual(approved);
      expect((await desk.list('open', 10)).map(({ id }) => id)).toEqual([held.id]);
    });

    test('the text that was proposed last is kept, and decided about by its own text', async () => {
      const held = ofTwo({ approvalsNeeded: 3 });
      const acts = [
        approval('ann@local'),
        approval('bob@local', { state: 'edited', text: 'First try.' }),
        approval('ann@local', { state: 'edited', text: 'Ask your doctor. 🙂' }),
      ];
      await desk.open(held);
      for (const [seen, act] of acts.entries()) await desk.approve(held.id, act, seen);

      const found = await desk.get(held.id);
      expect(found?.approvals?.map(({ by, state }) => `${by} ${state}`)).toEqual([
        'ann@local approved',
        'bob@local edited',
        'ann@local edited',
      ]);
      expect(found?.approvals?.[2]).toEqual(acts[2]);
      const final = decision({ state: 'edited', by: 'bob@local', text: 'Ask your doctor. 🙂' });
      expect((await desk.decide(held.id, final, 3))?.decision).toEqual(final);
      expect((await desk.get(held.id))?.approvals?.[2]).toEqual(acts[2]);
    });

    test('of many approvals on the same sight of a case exactly one counts', async () => {
      const held = ofTwo();
      await desk.open(held);
      const acts = Array.from({ length: 8 }, (_, i) => approval(`reviewer-${i}@local`));

      const outcomes = await Promise.all(acts.map((act) => desk.approve(held.id, act, 0)));

      expect(outcomes.filter((outcome) => outcome !== undefined)).toHaveLength(1);
      expect((await desk.get(held.id))?.approvals).toHaveLength(1);
    });

    test('neither an approval nor a decision counts when the case has more approvals than it saw', async () => {
      const held = ofTwo();
      await desk.open(held);
      await desk.approve(held.id, approval('ann@local'), 0);

      expect(await desk.approve(held.id, approval('bob@local'), 0)).toBeUndefined();
      expect(await desk.approve(held.id, approval('bob@local'), 2)).toBeUndefined();
      expect(await desk.decide(held.id, decision({ by: 'bob@local' }), 0)).toBeUndefined();
      expect(await desk.decide(held.id, decision({ by: 'bob@local' }), 2)).toBeUndefined();
      expect((await desk.get(held.id))?.decision).toBeUndefined();
      expect((await desk.decide(held.id, decision({ by: 'bob@local' }), 1))?.state).toBe('approved');
      expect(await desk.approve(held.id, approval('cid@local'), 1)).toBeUndefined();
    });

    test('of an edit and the last approval at the same time exactly one counts', async () => {
      for (let round = 0; round < 8; round += 1) {
        const held = ofTwo();
        await desk.open(held);
        await desk.approve(held.id, approval('ann@local'), 0);
        const edit = approval('cid@local', { state: 'edited', text: 'Other.' });

        const [edited, decided] = await Promise.all([
          desk.approve(held.id, edit, 1),
          desk.decide(held.id, decision({ by: 'bob@local' }), 1),
        ]);

        expect([edited, decided].filter(Boolean)).toHaveLength(1);
        const found = await desk.get(held.id);
        expect(found?.decision?.by).toBe(decided ? 'bob@local' : undefined);
        expect(found?.approvals).toHaveLength(decided ? 1 : 2);
      }
    });

    test('a rejection and an expiry need no sight of the approvals', async () => {
      const cases = [ofTwo(), ofTwo()] as const;
      for (const held of cases) {
        await desk.open(held);
        await desk.approve(held.id, approval('ann@local'), 0);
      }
      const expired = decision({ by: 'system', state: 'expired' });

      expect((await desk.decide(cases[0].id, decision({ state: 'rejected' })))?.state).toBe('rejected');
      expect(await desk.decide(cases[1].id, expired)).toMatchObject({
        state: 'expired',
        approvals: [{ by: 'ann@local' }],
      });
    });

    test('an approval gives the claim of its person back, and passes nobody else’s', async () => {
      const held = ofTwo();
      await desk.open(held);
      await desk.claim(held.id, claimBy('ann@local'));

      expect(await desk.approve(held.id, approval('bob@local'), 0)).toBeUndefined();
      expect(await desk.approve(held.id, approval('ann@local'), 0)).toMatchObject({ state: 'open' });
      expect((await desk.claim(held.id, claimBy('bob@local')))?.claim?.by).toBe('bob@local');
    });

    test('a case that does not exist cannot be approved', async () => {
      expect(await desk.approve('unknown', approval('ann@local'), 0)).toBeUndefined();
      expect(await desk.get('unknown')).toBeUndefined();
    });

    test('claimed cases have a list of their own, also where open ones come first', async () => {
      const cases = [1, 2, 3].map((day) => sampleCase({ dueAt: `2030-01-0${day}T00:00:00.000Z` }));
      for (const held of cases) await desk.open(held);
      const [, , last] = cases;
      await desk.claim(last?.id ?? '', claimBy('ann@local'));

      expect((await desk.list('claimed', 1)).map(({ id }) => id)).toEqual([last?.id]);
      expect((await desk.list('open', 10)).map(({ id }) => id)).not.toContain(last?.id);
    });

    test('a case that does not exist cannot be claimed', async () => {
      expect(await desk.claim('unknown', claimBy('ann@local'))).toBeUndefined();
      expect(await desk.unclaim('unknown', 'ann@local')).toBeUndefined();
    });

    test('a case that does not exist cannot be decided', async () => {
      expect(await desk.decide('unknown', decision())).toBeUndefined();
      expect(await desk.get('unknown')).toBeUndefined();
    });

    test('lists hold the cases of a state, the one that is due first at the head', async () => {
      const late = sampleCase({ dueAt: '2030-01-02T00:00:00.000Z' });
      const soon = sampleCase({ dueAt: '2030-01-01T00:00:00.000Z' });
      const done = sampleCase();
      for (const held of [late, soon, done]) await desk.open(held);
      await desk.decide(done.id, decision());

      expect((await desk.list('open', 10)).map(({ id }) => id)).toEqual([soon.id, late.id]);
      expect((await desk.list('open', 1)).map(({ id }) => id)).toEqual([soon.id]);
      expect((await desk.list('approved', 10)).map(({ id }) => id)).toEqual([done.id]);
    });

    test('undecided cases past their time are found, claimed ones too, oldest first and no more than asked for', async () => {
      const due = (day: number) => sampleCase({ dueAt: `2030-01-0${day}T00:00:00.000Z` });
      const [second, first, done, later] = [due(2), due(1), due(1), due(3)];
      for (const held of [second, first, done, later]) await desk.open(held);
      await desk.decide(done.id, decision());
      await desk.claim(second.id, claimBy('ann@local'));
      const overdue = async (before: string, limit: number) =>
        (await desk.overdue(before, limit)).map(({ id }) => id);

      expect(await overdue('2030-01-03T00:00:00.000Z', 10)).toEqual([first.id, second.id]);
      expect(await overdue('2030-01-03T00:00:00.000Z', 1)).toEqual([first.id]);
      expect(await overdue('2030-01-01T00:00:00.000Z', 10)).toEqual([]);
    });

    test('decisions of people are untold until the machine heard of them, oldest first and no more than asked for', async () => {
      const at = (minute: number) => `2030-01-01T00:0${minute}:00.000Z`;
      const [second, first, late, bySystem] = [2, 1, 5, 1].map(() => sampleCase()) as ReviewCase[];
      for (const [held, minute, by] of [
        [second, 2, 'ann@local'],
        [first, 1, 'ann@local'],
        [late, 5, 'ann@local'],
        [bySystem, 1, 'system'],
      ] as const) {
        await desk.open(held!);
        await desk.decide(held!.id, decision({ at: at(minute), by }));
      }
      const untold = async (limit: number) => desk.untold(at(5), limit);

      expect((await untold(10)).map(({ id }) => id)).toEqual([first!.id, second!.id]);
      expect((await untold(1)).map(({ id }) => id)).toEqual([first!.id]);

      await desk.told(first!.id, 'ledger');
      await desk.told(second!.id, 'machine');
      expect(await untold(10)).toEqual([{ id: first!.id, isRecorded: true }]);
      await desk.told(first!.id, 'machine');
      expect(await untold(10)).toEqual([]);
    });

    test('whoever loses a race leaves nothing untold of his own', async () => {
      const held = sampleCase();
      await desk.open(held);
      await desk.decide(held.id, decision({ at: '2030-01-01T00:00:00.000Z' }));
      await desk.told(held.id, 'machine');
      await desk.decide(
        held.id,
        decision({ state: 'rejected', by: 'bob@local', at: '2030-01-01T00:00:01.000Z' }),
      );

      expect(await desk.untold('2030-01-02T00:00:00.000Z', 10)).toEqual([]);
    });

    test('a callback token is kept with its case and is no part of it', async () => {
      const held = sampleCase();
      await desk.open(held);
      await desk.keepToken(held.id, 'token-1');
      await desk.keepToken(held.id, 'token-2');

      expect(await desk.tokenOf(held.id)).toBe('token-2');
      expect(await desk.tokenOf('unknown')).toBeUndefined();
      expect(JSON.stringify(await desk.get(held.id))).not.toContain('token-');
    });
  });
}
