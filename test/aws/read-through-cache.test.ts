import { expect, test } from '@jest/globals';
import { readThroughCache } from '#aws/read-through-cache.ts';

function bench(over: { maxKeys?: number } = {}) {
  const state = {
    now: 1_000_000,
    asked: [] as string[],
    answer: async (key: string): Promise<string | undefined> => key,
  };
  const cache = readThroughCache<string>({
    load: (key) => {
      state.asked.push(key);
      return state.answer(key);
    },
    clock: { now: () => state.now },
    freshMs: 60_000,
    absentMs: 5_000,
    staleMs: 300_000,
    pauseMs: 5_000,
    maxKeys: over.maxKeys ?? 10,
  });
  return { state, cache };
}

const fail = async () => {
  throw new Error('source is down');
};

test('a value is asked for once while it is fresh', async () => {
  const { state, cache } = bench();
  await cache.get('a');
  state.now += 59_999;
  await cache.get('a');
  expect(state.asked).toEqual(['a']);

  state.now += 1;
  await cache.get('a');
  expect(state.asked).toEqual(['a', 'a']);
});

test('callers at the same time share one question', async () => {
  const { state, cache } = bench();

  await Promise.all(Array.from({ length: 50 }, () => cache.get('a')));

  expect(state.asked).toEqual(['a']);
});

test('"does not exist" is remembered for a shorter time', async () => {
  const { state, cache } = bench();
  state.answer = async () => undefined;
  await cache.get('a');
  state.now += 4_999;
  await cache.get('a');
  expect(state.asked).toHaveLength(1);

  state.now += 1;
  state.answer = async () => 'born';
  expect(await cache.get('a')).toBe('born');
});

test('while the source fails the last value is served', async () => {
  const { state, cache } = bench();
  await cache.get('a');
  state.answer = fail;
  state.now += 60_000;

  expect(await cache.get('a')).toBe('a');
});

test('a failing source is left alone for a while', async () => {
  const { state, cache } = bench();
  await cache.get('a');
  state.answer = fail;
  state.now += 60_000;
  await cache.get('a');
  state.now += 4_999;
  await cache.get('a');

  expect(state.asked).toHaveLength(2);
});

test('a value that is too old is not served instead of a failure', async () => {
  const { state, cache } = bench();
  await cache.get('a');
  state.answer = fail;
  state.now += 300_001;

  await expect(cache.get('a')).rejects.toThrow('source is down');
});

test('a failure is not remembered', async () => {
  const { state, cache } = bench();
  state.answer = fail;
  await expect(cache.get('a')).rejects.toThrow('source is down');
  state.answer = async () => 'back';

  expect(await cache.get('a')).toBe('back');
});

test('a deleted value is not served as an old one', async () => {
  const { state, cache } = bench();
  await cache.get('a');
  state.now += 60_000;
  state.answer = async () => undefined;
  await cache.get('a');
  state.answer = fail;
  state.now += 5_000;

  await expect(cache.get('a')).rejects.toThrow('source is down');
});

test('a refresh asks at most once in its quiet time, also while the source fails', async () => {
  const { state, cache } = bench();
  await cache.get('a');
  await cache.refresh('a', 30_000);
  expect(state.asked).toHaveLength(1);

  state.now += 30_000;
  state.answer = fail;
  await cache.refresh('a', 30_000);
  await cache.refresh('a', 30_000);
  expect(state.asked).toHaveLength(2);
});

test('no more keys are kept than allowed', async () => {
  const { state, cache } = bench({ maxKeys: 3 });
  for (const key of ['a', 'b', 'c', 'd']) await cache.get(key);
  state.asked.length = 0;

  for (const key of ['b', 'c', 'd', 'a']) await cache.get(key);

  expect(state.asked).toEqual(['a']);
});
