import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import {
  createProcessRunner,
  type ProcessRunnerOptions,
} from '../../../lib/local-cloud/lambda/process-runner.ts';
import type { Runner } from '../../../lib/local-cloud/lambda/runner.ts';

const open: Runner[] = [];
afterEach(async () => {
  for (const runner of open.splice(0)) await runner.close();
});

function runnerOf(handler: string, options: ProcessRunnerOptions = {}, folder = 'rows'): Runner {
  const runner = createProcessRunner(
    {
      name: handler,
      arn: `arn:${handler}`,
      handler: `index.${handler}`,
      assetDir: join(__dirname, '../../fixtures/functions', folder),
      timeoutSeconds: 10,
      memoryMb: 128,
      environment: { NOTE: 'first' },
    },
    options,
  );
  open.push(runner);
  return runner;
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function result(runner: Runner): Promise<Record<string, string>> {
  const { body } = await runner.invoke({});
  let text = '';
  for await (const chunk of body) text += Buffer.from(chunk).toString();
  return JSON.parse(text);
}

test('work at the same time runs in environments of its own, up to the most allowed', async () => {
  const runner = runnerOf('concurrent', { max: 2 });
  const seen = await Promise.all(Array.from({ length: 8 }, () => result(runner)));

  expect(new Set(seen.map(({ pid }) => pid)).size).toBe(2);
  expect(new Set(seen.map(({ most }) => most))).toEqual(new Set([1]));
});

test('work one after the other stays in one environment', async () => {
  const runner = runnerOf('concurrent', { max: 4 });
  const pids = [await result(runner), await result(runner), await result(runner)].map(({ pid }) => pid);

  expect(new Set(pids).size).toBe(1);
});

test('an environment without work stops after a while', async () => {
  const runner = runnerOf('concurrent', { idleMs: 50 });
  const { pid } = await result(runner);
  await wait(500);

  expect((await result(runner))['pid']).not.toBe(pid);
});

test('a warm environment is kept', async () => {
  const runner = runnerOf('concurrent', { idleMs: 50, warm: 1 });
  const { pid } = await result(runner);
  await wait(500);

  expect((await result(runner))['pid']).toBe(pid);
});

test('a recycled function finishes its work in the old environment', async () => {
  const runner = runnerOf('concurrent');
  const { pid } = await result(runner);
  await wait(100);
  const under = result(runner);
  runner.recycle();

  expect((await under)['pid']).toBe(pid);
  expect((await result(runner))['pid']).not.toBe(pid);
});

test('a recycled function sees the variables it is given', async () => {
  const runner = runnerOf('environment');
  const before = await result(runner);
  runner.recycle({ NOTE: 'second' });

  expect([before['NOTE'], (await result(runner))['NOTE']]).toEqual(['first', 'second']);
});

test('a warm function that cannot start is told though nobody called it', async () => {
  const told = Promise.withResolvers<string>();
  runnerOf('handler', { warm: 1, onFailure: told.resolve }, 'broken');

  expect(await told.promise).toBe('TypeError: the module cannot load');
});

test('what a function prints arrives line by line', async () => {
  const lines: string[] = [];
  const runner = runnerOf('recorder', { onOutput: (line) => lines.push(line) });
  const { body } = await runner.invoke({ Records: [{ body: 'a\nb' }, { body: 'c' }] });
  for await (const _chunk of body);
  await runner.close();

  expect(lines.filter((line) => !line.startsWith('REPORT '))).toEqual(['first saw a', 'b', 'first saw c']);
});

test("an invocation ends with Lambda's own line about its time", async () => {
  const reported = Promise.withResolvers<string>();
  const onOutput = (line: string) => line.startsWith('REPORT ') && reported.resolve(line);
  const runner = runnerOf('recorder', { onOutput });
  const { body } = await runner.invoke({ Records: [] }, 'the-id');
  for await (const _chunk of body);

  expect(await reported.promise).toMatch(
    /^REPORT RequestId: the-id\tDuration: [\d.]+ ms\tBilled Duration: [1-9]\d* ms\tMemory Size: \d+ MB$/,
  );
});

test('a closed runner refuses work', async () => {
  const runner = runnerOf('concurrent');
  await runner.close();

  await expect(runner.invoke({})).rejects.toMatchObject({ errorType: 'TooManyRequestsException' });
});

test('work that waits when the runner closes is told so', async () => {
  const lines: string[] = [];
  const runner = runnerOf('sleeps', { onOutput: (line) => void lines.push(line) });
  const waiting = [runner.invoke({}), runner.invoke({})].map((work) =>
    work.then(
      () => 'answered',
      (failure: Error) => failure.message,
    ),
  );
  while (!lines.includes('asleep')) await wait(20);
  await runner.close();

  expect(await Promise.all(waiting)).toEqual([
    'The execution environment stopped: signal SIGKILL',
    'The execution environment stopped: the host stopped',
  ]);
});
