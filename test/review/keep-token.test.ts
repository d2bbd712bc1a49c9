import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { decideReview } from '../../lib/review/decide-review.ts';
import { keepToken } from '../../lib/review/keep-token.ts';
import { heldCase, reviewBench } from './memory-desk.ts';

const message = { caseId: 'c1', token: 'task-token' };
const approve = { id: 'c1', state: 'approved', by: 'ann', reason: 'fine' };

test('the token of a waiting machine is kept with the case', async () => {
  const { ports, tokens, resumed } = reviewBench();
  await ports.desk.open(heldCase('c1'));

  await keepToken(ports, message);

  expect(tokens.get('c1')).toBe('task-token');
  expect(resumed).toEqual([]);
});

test('a machine that starts to wait after the decision is resumed at once', async () => {
  const { ports, resumed } = reviewBench();
  await ports.desk.open(heldCase('c1'));
  await decideReview(ports, approve);

  await keepToken(ports, message);

  expect(resumed).toEqual(['task-token approved']);
});

test('a machine never waits on in any order of deciding and waiting', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const pause = async () => void (await scheduler.schedule(Promise.resolve()));
      const { ports, resumed } = reviewBench({ pause });
      await ports.desk.open(heldCase('c1'));

      await scheduler.waitFor(Promise.all([decideReview(ports, approve), keepToken(ports, message)]));

      expect(resumed.length).toBeGreaterThanOrEqual(1);
    }),
    { numRuns: 500 },
  );
});

test('a machine for an unknown case fails instead of waiting', async () => {
  const { ports } = reviewBench();

  await expect(keepToken(ports, message)).rejects.toThrow('c1 does not exist');
});

test('a message without token is refused', async () => {
  const { ports } = reviewBench();

  await expect(keepToken(ports, { caseId: 'c1' })).rejects.toThrow('token');
});
