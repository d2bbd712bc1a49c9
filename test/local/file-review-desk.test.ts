import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ReviewCase, ReviewDecision } from '#core/review/case.ts';
import { fileReviewDesk } from '#local/file-review-desk.ts';
import { processReviewFlow } from '#local/process-review-flow.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kt-desk-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function held(id: string, parts: Partial<ReviewCase> = {}): ReviewCase {
  return {
    id,
    appId: 'default',
    keyId: 'key_1',
    requestHash: 'h1',
    packHash: 'p',
    model: 'gpt-4o',
    state: 'open',
    openedAt: '2026-11-23T10:00:00.000Z',
    dueAt: '2026-11-23T11:00:00.000Z',
    onTimeout: 'reject',
    rules: ['oversight.term'],
    answer: 'the answer',
    ...parts,
  };
}

const approve = (by: string): ReviewDecision => ({ state: 'approved', by, at: 'now', reason: 'fine' });

describe('the desk', () => {
  test('gives a case back as it was opened', async () => {
    const desk = fileReviewDesk(directory);
    await desk.open(held('01A'));

    expect(await desk.get('01A')).toEqual(held('01A'));
    expect(await desk.get('01B')).toBeUndefined();
  });

  test('opening twice changes nothing', async () => {
    const desk = fileReviewDesk(directory);
    await desk.open(held('01A'));
    await desk.open(held('01A', { answer: 'other' }));

    expect((await desk.get('01A'))?.answer).toBe('the answer');
  });

  test('finds the newest case of the same app and request', async () => {
    const desk = fileReviewDesk(directory);
    await desk.open(held('01B'));
    await desk.open(held('01A'));
    await desk.open(held('01C', { appId: 'other' }));

    expect((await desk.findByRequest('default', 'h1'))?.id).toBe('01B');
    expect(await desk.findByRequest('default', 'h2')).toBeUndefined();
  });

  test('lists the cases of a state, the most urgent first', async () => {
    const desk = fileReviewDesk(directory);
    await desk.open(held('01A', { dueAt: '2026-11-23T12:00:00.000Z' }));
    await desk.open(held('01B'));
    await desk.open(held('01C'));
    await desk.decide('01C', approve('ann'));

    expect((await desk.list('open', 10)).map(({ id }) => id)).toEqual(['01B', '01A']);
    expect((await desk.list('open', 1)).map(({ id }) => id)).toEqual(['01B']);
    expect((await desk.list('approved', 10)).map(({ id }) => id)).toEqual(['01C']);
  });

  test('of many reviewers at once exactly one decides', async () => {
    await fileReviewDesk(directory).open(held('01A'));
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) => fileReviewDesk(directory).decide('01A', approve(`reviewer ${n}`))),
    );
    const winners = results.filter((result) => result !== undefined);

    expect(winners).toHaveLength(1);
    expect(await fileReviewDesk(directory).get('01A')).toEqual(winners[0]);
  });

  test('decides nothing that does not exist', async () => {
    expect(await fileReviewDesk(directory).decide('01A', approve('ann'))).toBeUndefined();
  });

  test.each(['../01A', 'a/b', '', '.'])('the id %j leaves the folder alone', async (id) => {
    const desk = fileReviewDesk(directory);

    expect(await desk.get(id)).toBeUndefined();
    await expect(desk.open(held(id))).rejects.toThrow('review id');
  });

  test('keeps the callback token apart from the case', async () => {
    const desk = fileReviewDesk(directory);
    await desk.open(held('01A'));
    await desk.keepToken('01A', 'secret');

    expect(await desk.tokenOf('01A')).toBe('secret');
    expect(JSON.stringify(await desk.get('01A'))).not.toContain('secret');
  });

  test('keeps answers for their owner only', async () => {
    await fileReviewDesk(directory).open(held('01A'));

    expect((await stat(join(directory, '01A.case.json'))).mode & 0o777).toBe(0o600);
  });
});

describe('the flow', () => {
  function flowOn(now: () => number) {
    const settled: string[] = [];
    const desk = fileReviewDesk(directory);
    const log = { info: () => undefined, error: () => undefined };
    const settle = async (id: string, outcome: string) => settled.push(`${id} ${outcome}`);
    return { desk, settled, flow: processReviewFlow({ desk, clock: { now }, log, settle }) };
  }
  const due = (ms: number) => new Date(Date.now() + ms).toISOString();

  test('expires a case when it is due', async () => {
    const { desk, flow, settled } = flowOn(Date.now);
    await desk.open(held('01A', { dueAt: due(60) }));
    await flow.start('01A');
    expect(settled).toEqual([]);
    await sleep(250);

    expect(settled).toEqual(['01A expired']);
  });

  test('does not expire a case that another process decided', async () => {
    const { desk, flow, settled } = flowOn(Date.now);
    await desk.open(held('01A', { dueAt: due(60) }));
    await flow.start('01A');
    await fileReviewDesk(directory).decide('01A', approve('ann'));
    await sleep(250);

    expect(settled).toEqual([]);
  });

  test('settles a decided case when it is resumed', async () => {
    const { desk, flow, settled } = flowOn(Date.now);
    await desk.open(held('01A', { dueAt: due(60) }));
    await flow.start('01A');

    expect(await flow.resume((await desk.tokenOf('01A'))!, { state: 'approved' })).toBe('resumed');
    expect(await flow.resume('01Z', { state: 'approved' })).toBe('gone');
    await sleep(250);
    expect(settled).toEqual(['01A decided']);
  });

  test('adopts overdue cases of an earlier process', async () => {
    const { desk, flow, settled } = flowOn(Date.now);
    await desk.open(held('01A'));
    await flow.adopt();
    await sleep(150);

    expect(settled).toEqual(['01A expired']);
  });

  test('waits longer than a timer can', async () => {
    const { desk, flow, settled } = flowOn(Date.now);
    await desk.open(held('01A', { dueAt: due(90 * 24 * 3_600_000) }));
    await flow.start('01A');
    await sleep(50);
    flow.close();

    expect(settled).toEqual([]);
  });

  test('cannot start what was not opened', async () => {
    await expect(flowOn(Date.now).flow.start('01A')).rejects.toThrow('01A');
  });
});
