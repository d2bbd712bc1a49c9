import { afterEach, describe, expect, test } from '@jest/globals';
import { INTEGRATION_RESPONSE, PRELUDE_END } from '../../lib/local-cloud/lambda/response-stream.ts';
import { FunctionFailure, type Runner } from '../../lib/local-cloud/lambda/runner.ts';

export interface RunnerUnderTest {
  /** A runner for one of the handlers in test/fixtures/functions/rows, or for the module that cannot load. */
  create(handler: string, options?: { timeoutSeconds?: number }): Runner;
  /** Whether it survives a function that ends its process. */
  readonly isolated: boolean;
}

interface Seen {
  readonly chunks: { text: string; at: number }[];
  readonly text: string;
  readonly contentType?: string;
  readonly streaming?: boolean;
  readonly failure?: FunctionFailure;
}

const PRELUDE = JSON.stringify({
  statusCode: 201,
  headers: { 'Content-Type': 'text/plain', 'x-row': 'yes' },
  cookies: ['a=1', 'b=2'],
});

/** Everything a caller of a function can observe, with the time of each piece. */
async function observe(runner: Runner, payload: unknown = {}): Promise<Seen> {
  const chunks: { text: string; at: number }[] = [];
  const facts: { contentType?: string; streaming?: boolean } = {};
  const text = () => chunks.map((chunk) => chunk.text).join('');
  try {
    const { body, contentType, streaming } = await runner.invoke(payload);
    Object.assign(facts, { contentType, streaming });
    for await (const chunk of body) chunks.push({ text: Buffer.from(chunk).toString(), at: Date.now() });
    return { ...facts, chunks, text: text() };
  } catch (failure) {
    if (!(failure instanceof FunctionFailure)) throw failure;
    return { ...facts, chunks, text: text(), failure };
  }
}

/** What a Lambda runtime does, row by row of the table in research/aws.md §2, for every runner. */
export function lambdaRuntimeContract(name: string, { create, isolated }: RunnerUnderTest): void {
  const open: Runner[] = [];
  const runnerOf = (handler: string, timeoutSeconds = 20) => {
    const runner = create(handler, { timeoutSeconds });
    open.push(runner);
    return runner;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((runner) => runner.close()));
  });

  describe(`${name}: streamed answers`, () => {
    test('writes arrive one by one behind the prelude', async () => {
      const seen = await observe(runnerOf('fiveWrites'));

      expect(seen.contentType).toBe(INTEGRATION_RESPONSE);
      expect(seen.text).toBe(`${PRELUDE}${PRELUDE_END}12345`);
      const first = seen.chunks.find((chunk) => chunk.text.includes(PRELUDE_END));
      expect((seen.chunks.at(-1)?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(250);
    });

    test('an end with a body and no write loses the prelude', async () => {
      expect(await observe(runnerOf('endWithBody'))).toMatchObject({
        contentType: INTEGRATION_RESPONSE,
        text: 'body',
      });
    });

    test('an end without any write is an empty body without a prelude', async () => {
      const seen = await observe(runnerOf('endOnly'));

      expect([seen.text, seen.failure]).toEqual(['', undefined]);
    });

    test('an empty write sends the prelude', async () => {
      expect((await observe(runnerOf('emptyWrite'))).text).toBe(PRELUDE + PRELUDE_END);
    });

    test('an error before any write sends no bytes and the error', async () => {
      const runner = runnerOf('throwsFirst');
      const seen = await observe(runner);

      expect(seen.text).toBe('');
      expect(seen.failure).toMatchObject({ errorType: 'RangeError', message: 'before any write' });
    });

    test('an error after writes comes behind the bytes', async () => {
      const runner = runnerOf('throwsLater');

      for (const _again of [1, 2]) {
        const seen = await observe(runner);
        expect(seen.text).toBe(`${PRELUDE}${PRELUDE_END}one two`);
        expect(seen.failure).toMatchObject({ errorType: 'RangeError', message: 'after two writes' });
      }
    });

    test('a pipeline whose source fails ends the execution environment', async () => {
      const seen = await observe(runnerOf('failingPipeline'));

      expect(seen.failure?.errorType).toBe('Runtime.ExitError');
    });

    test('a stream that never ends is cut by the function timeout', async () => {
      const seen = await observe(runnerOf('neverEnds', 1));

      expect(seen.text).toBe(`${PRELUDE}${PRELUDE_END}and then`);
      expect(seen.failure).toMatchObject({
        errorType: 'Sandbox.Timedout',
        message: 'Task timed out after 1.00 seconds',
      });
    });

    test('ten megabytes pass with back-pressure', async () => {
      const seen = await observe(runnerOf('tenMegabytes'));

      expect(seen.text.length).toBe(PRELUDE.length + 8 + 160 * 64 * 1024 + 'waited true'.length);
      expect(seen.text.endsWith('waited true')).toBe(true);
    });

    test('the handler gets event, context and a stream that is no Writable by class', async () => {
      const runner = runnerOf('plainStream', 20);
      const { body, requestId, contentType } = await runner.invoke({ a: ['ü', 1] }, 'request-1');
      let text = '';
      for await (const chunk of body) text += Buffer.from(chunk).toString();
      const facts = JSON.parse(text);

      expect([requestId, contentType]).toEqual(['request-1', 'application/json']);
      expect(facts).toMatchObject({ event: { a: ['ü', 1] }, isWritable: false, requestId: 'request-1' });
      expect(facts.remaining).toBeGreaterThan(10_000);
      expect(facts.remaining).toBeLessThanOrEqual(20_000);
    });
  });

  describe(`${name}: buffered answers`, () => {
    test('the result arrives as JSON', async () => {
      const seen = await observe(runnerOf('buffered'), { n: 1 });

      expect(seen).toMatchObject({ streaming: false, contentType: 'application/json' });
      expect(JSON.parse(seen.text)).toEqual({ event: { n: 1 }, functionName: 'rows' });
    });

    test('no result is null', async () => {
      expect((await observe(runnerOf('bufferedNothing'))).text).toBe('null');
    });

    test('a thrown error keeps its name and message', async () => {
      const { failure } = await observe(runnerOf('bufferedThrows'));

      expect(failure).toMatchObject({ errorType: 'RangeError', message: 'on purpose' });
    });

    test('more than 6 MB is an error', async () => {
      expect((await observe(runnerOf('bufferedHuge'))).failure?.errorType).toBe(
        'Function.ResponseSizeTooLarge',
      );
    });

    test('invocations of one environment come one after the other', async () => {
      const runner = runnerOf('concurrent');
      const seen = await Promise.all([observe(runner), observe(runner), observe(runner)]);

      expect(seen.map(({ text }) => JSON.parse(text).most)).toEqual([1, 1, 1]);
    });
  });

  describe(`${name}: environments that fail`, () => {
    test('a module that cannot load fails every invocation with its error', async () => {
      const runner = runnerOf('broken');

      for (const _again of [1, 2]) {
        expect((await observe(runner)).failure).toMatchObject({
          errorType: 'TypeError',
          message: 'the module cannot load',
        });
      }
    });

    test('an invocation over its time fails as timed out', async () => {
      const { failure } = await observe(runnerOf('sleeps', 1));

      expect(failure?.errorType).toBe('Sandbox.Timedout');
    });

    if (!isolated) return;

    test('a crash fails its own invocation only', async () => {
      const runner = runnerOf('crashes');
      const seen = await Promise.all([observe(runner), observe(runner)]);

      expect(seen.map(({ failure }) => failure?.errorType)).toEqual([
        'Runtime.ExitError',
        'Runtime.ExitError',
      ]);
      expect(seen[0]?.failure?.message).toContain('exit code 3');
    });
  });
}
