import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { decideReview } from '../../lib/review/decide-review.ts';
import { AlreadyDecided, keepToken } from '../../lib/review/keep-token.ts';
import { heldCase, reviewBench } from './memory-desk.ts';

const message = { caseId: 'c1', token: 'task-token' };
const approve = { id: 'c1', state: 'approved', by: 'ann', reason: 'fine' };

test('the token of a waiting machine is kept with the case', async () => {
  const { ports, tokens, resumed } = reviewBench();
  await ports.desk.open(heldCase('c1'));

  await keepToken(ports.desk, message);

  expect(tokens.get('c1')).toBe('task-token');
  expect(resumed).toEqual([]);
});

test('a machine that starts to wait after the decision is told so by name', async () => {
  const { ports } = reviewBench();
  await ports.desk.open(heldCase('c1'));
  await decideReview(ports, approve);

  await expect(keepToken(ports.desk, message)).rejects.toMatchObject({ name: 'AlreadyDecided' });
});

test('a machine never waits on in any order of deciding and waiting', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const pause = async () => void (await scheduler.schedule(Promise.resolve()));
      const { ports, resumed } = reviewBench({ pause });
      await ports.desk.open(heldCase('c1'));

      const waiting = keepToken(ports.desk, message).then(
        () => 'waits',
        (error: unknown) => (error instanceof AlreadyDecided ? 'ended' : 'broken'),
      );
      await scheduler.waitFor(Promise.all([decideReview(ports, approve), waiting]));

      const ended = (await waiting) === 'ended';
      expect(ended || resumed.length === 1).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('a machine for an unknown case fails instead of waiting', async () => {
  const { ports } = reviewBench();

  await expect(keepToken(ports.desk, message)).rejects.toThrow('c1 does not exist');
});

test('a message without token is refused', async () => {
  const { ports } = reviewBench();

  await expect(keepToken(ports.desk, { caseId: 'c1' })).rejects.toThrow('token');
});
