import { afterEach, describe, expect, test } from '@jest/globals';
import { chat, readStream, startGateway, type TestGateway, type TestOptions } from '../support/gateway.ts';
import { eventually } from '../support/stack.ts';
import { json, type Script, says, streamChunks } from '../support/upstream.ts';

const PACK = `
pack: { name: retry, version: "1.0" }
providers: [{ name: openai, model: gpt-4o, secret_key_ref: { env: OPENAI_API_KEY } }]
policies: { chain: [dlp-filter, quality-scorer] }
policy:
  dlp-filter: { blocked_terms: [project nightjar], action: block }
  quality-scorer: { action: retry, threshold: 0.6, after_retry: AFTER }
`;
const LOOP = `${'the same words over and over again '.repeat(30)}.`;
/** Says nothing at all: score 0. A loop scores 0.3. */
const EMPTY = '';
const GOOD = 'Paris is the capital of France, on the Seine.';

let gateway: TestGateway;
afterEach(() => gateway.close());

/** A gateway whose provider gives these answers in turn. */
async function withAnswers(answers: (string | Script)[], after = 'flag', options: TestOptions = {}) {
  gateway = await startGateway({ pack: PACK.replace('AFTER', after), ...options });
  const scripts = answers.map((answer) => (typeof answer === 'string' ? says(answer) : answer));
  gateway.upstream.answer((call, response) => scripts.shift()?.(call, response));
  return gateway;
}

async function ask(stream: boolean): Promise<{ status: number; text: string; raw: string }> {
  const response = await gateway.post(chat('What is the capital of France?', { stream }));
  if (stream) {
    const { text, raw } = await readStream(response);
    return { status: response.status, text, raw };
  }
  const raw = await response.text();
  const { choices } = JSON.parse(raw) as { choices?: { message: { content: string } }[] };
  return { status: response.status, text: choices?.[0]?.message.content ?? '', raw };
}

const fails: Script = (_call, response) => json(response, 500, { error: { message: 'down' } });

describe.each([
  ['whole', false],
  ['streamed', true],
])('a %s answer', (_, stream) => {
  test('below the threshold is asked for once more, and only the good one is seen', async () => {
    await withAnswers([LOOP, GOOD]);

    const { status, text, raw } = await ask(stream);

    expect([status, text]).toEqual([200, GOOD]);
    expect(raw).not.toContain('over and over');
    const [first, second] = gateway.upstream.calls;
    expect(gateway.upstream.calls).toHaveLength(2);
    expect(second?.body).toEqual(first?.body);
  });

  test('counts the tokens and attempts of both calls on one event', async () => {
    await withAnswers([LOOP, GOOD]);

    await ask(stream);

    const events = await gateway.stored(1);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      type: 'request.completed',
      verdict: 'allowed',
      usage: { input: 40, output: 20, source: 'provider' },
      cost: { micros: 300 },
      attempts: [{ status: 200 }, { status: 200 }],
    });
    const said = events[0]?.policies.filter(
      ({ kind, phase }) => kind === 'quality-scorer' && phase === 'output',
    );
    expect(said?.map(({ reason, action, score }) => [reason, action, score])).toEqual([
      ['answer.discarded', 'allow', 0.3],
      ['ok', 'allow', 1],
    ]);
  });

  test('that is good is asked for once', async () => {
    await withAnswers([GOOD, LOOP]);

    expect((await ask(stream)).text).toBe(GOOD);
    expect(gateway.upstream.calls).toHaveLength(1);
  });

  test.each([
    ['first', [LOOP, EMPTY]],
    ['second', [EMPTY, LOOP]],
  ])('goes out flagged as the better of two bad ones when that is the %s', async (_which, answers) => {
    await withAnswers(answers);

    expect((await ask(stream)).text).toBe(LOOP);
    expect(gateway.upstream.calls).toHaveLength(2);
    expect((await gateway.stored(1))[0]).toMatchObject({ verdict: 'flagged', usage: { input: 40 } });
  });

  test('is blocked when both are bad and the pack says so', async () => {
    await withAnswers([LOOP, LOOP], 'block');

    const { raw } = await ask(stream);

    expect(raw).not.toContain('over and over');
    expect(gateway.upstream.calls).toHaveLength(2);
    expect((await gateway.stored(1))[0]).toMatchObject({ type: 'request.blocked', verdict: 'blocked' });
  });

  test('stays when the second call fails', async () => {
    await withAnswers([LOOP, fails]);

    expect((await ask(stream)).text).toBe(LOOP);
    expect((await gateway.stored(1))[0]).toMatchObject({
      verdict: 'flagged',
      usage: { input: 20, output: 10 },
      attempts: [{ status: 200 }, { status: 500 }],
    });
  });

  test('is not asked for a third time after a failed attempt', async () => {
    await withAnswers([fails, LOOP, GOOD]);

    expect((await ask(stream)).text).toBe(LOOP);
    expect(gateway.upstream.calls).toHaveLength(2);
  });

  test('stays when the second is stopped by another policy', async () => {
    await withAnswers([LOOP, 'All about project nightjar, and then some more.']);

    const { text, raw } = await ask(stream);

    expect(text).toBe(LOOP);
    expect(raw).not.toContain('nightjar');
  });

  test('that another policy stops is not asked for again', async () => {
    await withAnswers(['All about project nightjar.', GOOD]);

    await ask(stream);

    expect(gateway.upstream.calls).toHaveLength(1);
    expect((await gateway.stored(1))[0]).toMatchObject({ type: 'request.blocked' });
  });
});

test('a stream stays alive while the second answer is made', async () => {
  await withAnswers(
    [
      LOOP,
      async (call, response) => {
        await new Promise((resolve) => setTimeout(resolve, 250));
        await says(GOOD)(call, response);
      },
    ],
    'flag',
    { options: { heartbeatMs: 50 } },
  );

  const { raw, text } = await ask(true);

  expect(text).toBe(GOOD);
  expect(raw.split('\n\n').filter((block) => block.startsWith(':')).length).toBeGreaterThanOrEqual(2);
});

test('a second stream that breaks off leaves the first answer and pays for both', async () => {
  const half = [{ choices: [{ index: 0, delta: { content: 'Paris is the capital' }, finish_reason: null }] }];
  await withAnswers([LOOP, (_call, response) => streamChunks(response, half, { end: 'cut' })]);

  expect((await ask(true)).text).toBe(LOOP);
  const [event] = await gateway.stored(1);
  expect(event).toMatchObject({ type: 'request.completed', usage: { source: 'estimated' } });
  expect(event?.usage.input).toBeGreaterThan(20);
});

test('the intent expects the price of two answers', async () => {
  await withAnswers([GOOD]);
  await ask(false);
  const [twice] = gateway.intents;
  await gateway.close();
  gateway = await startGateway({
    pack: PACK.replace('action: retry', 'action: block').replace('AFTER', 'flag'),
  });
  await ask(false);

  expect(twice?.worstCaseMicros).toBe(2 * (gateway.intents[0]?.worstCaseMicros ?? 0));
});

test('a client that leaves during the second call is recorded with what the first one used', async () => {
  await withAnswers([LOOP, () => new Promise(() => undefined)]);
  const leave = new AbortController();
  const answer = fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(chat('What is the capital of France?', { stream: true })),
    signal: leave.signal,
  }).catch((error: Error) => error.name);
  await eventually(async () => gateway.upstream.calls[1]);

  leave.abort();

  expect(await answer).toBe('AbortError');
  expect((await gateway.stored(1))[0]).toMatchObject({
    type: 'request.client_aborted',
    usage: { input: 20, output: 10 },
    cost: { reason: 'with the worst case of a call that was given up' },
    complete: false,
  });
});

test('a doubt that is left after the retry still sends the answer to a person', async () => {
  const pack = PACK.replace('[dlp-filter, quality-scorer]', '[dlp-filter, quality-scorer, human-oversight]')
    .replace('AFTER', 'flag')
    .concat('  human-oversight: { confidence_threshold: 0.5 }\n');
  await withAnswers([LOOP, EMPTY], 'flag', { pack });

  await ask(false);

  const [event] = await gateway.stored(1);
  expect(event?.attempts).toHaveLength(2);
  const said = event?.policies.filter(({ kind }) => kind === 'human-oversight');
  expect(said?.map(({ reason }) => reason)).toEqual(['answer.discarded', 'low_confidence_output']);
  expect(event?.type).not.toBe('request.completed');
});
