import { expect } from '@jest/globals';
import { chat, readStream } from '../support/gateway.ts';
import { json, type Script, says, streamChunks, USAGE } from '../support/upstream.ts';
import { difyCase } from './doors.ts';

const usage = { prompt_tokens: expect.any(Number), completion_tokens: expect.any(Number) };
const delta = (content: string, more: object = {}) => ({
  choices: [{ index: 0, delta: { content }, finish_reason: null, ...more }],
});
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

difyCase(
  21,
  'a normal stream ends with finish, usage and [DONE], and its body at once',
  async ({ gateway, dify }) => {
    const answer = await dify.invoke('hi');
    expect(answer).toMatchObject({
      text: 'Hello from upstream.',
      finishReason: 'stop',
      usage,
      error: undefined,
      silent: false,
    });
    expect(answer.raw.trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(answer.endedAt - answer.doneAt).toBeLessThan(100);
    const { frames } = await readStream(await gateway.post(chat('hi', { stream: true })));
    expect(frames.at(-1)).toMatchObject({ choices: [], usage });
    expect(frames.at(-2)).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
  },
);

difyCase(22, 'usage is there when it is asked for', async ({ dify, gateway }) => {
  expect((await dify.invoke('hi')).usage).toMatchObject({ prompt_tokens: 20, completion_tokens: 10 });
  expect(gateway.upstream.calls[0]?.body['stream_options']).toEqual({ include_usage: true });
});

difyCase(
  23,
  'usage is there when an old plugin does not ask, and openai clients read it',
  async ({ as, gateway }) => {
    expect((await as({ stream_include_usage: false }).invoke('hi')).usage).toMatchObject({
      prompt_tokens: 20,
    });
    let text = '';
    for await (const chunk of await gateway.client.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
    })) {
      text += chunk.choices[0]?.delta.content ?? '';
    }
    expect(text).toBe('Hello from upstream.');
  },
);

difyCase(24, 'a provider without usage: both counts are integers of ours', async ({ gateway, dify }) => {
  gateway.upstream.answer(says('Hello there.', { usage: false }));
  const { usage: seen } = await dify.invoke('hi');
  expect([Number.isInteger(seen?.prompt_tokens), Number.isInteger(seen?.completion_tokens)]).toEqual([
    true,
    true,
  ]);
  expect((await gateway.stored(1))[0]?.usage.source).toBe('estimated');
});

difyCase(25, 'event and id lines and CRLF of a provider do not reach Dify', async ({ gateway, dify }) => {
  gateway.upstream.answer((_call, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const frames = [
      delta('Hello '),
      delta('world.'),
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    ];
    for (const [id, frame] of frames.entries())
      response.write(`id: ${id}\r\nevent: chunk\r\nretry: 5\r\ndata: ${JSON.stringify(frame)}\r\n\r\n`);
    response.end('data: [DONE]\r\n\r\n');
  });
  expect(await dify.invoke('hi')).toMatchObject({
    text: 'Hello world.',
    finishReason: 'stop',
    silent: false,
  });
});

const idle =
  (before: string): Script =>
  async (_call, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (before) response.write(`data: ${JSON.stringify(delta(before))}\n\n`);
    await pause(150);
    await streamChunksInto(response, [delta('after the silence.')]);
  };
async function streamChunksInto(response: Parameters<Script>[1], chunks: object[]) {
  for (const chunk of chunks) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  response.write(
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`,
  );
  response.end('data: [DONE]\n\n');
}
const short = { options: { heartbeatMs: 30 } };

difyCase(
  26,
  'silence is filled with comments in blocks of their own',
  async ({ gateway, dify }) => {
    gateway.upstream.answer(idle('Something to read here. '));
    const { text, raw, silent } = await dify.invoke('hi');
    expect([text, silent]).toEqual(['Something to read here. after the silence.', false]);
    expect(raw.split('\n\n').filter((block) => block === ': keep-alive').length).toBeGreaterThan(1);
    expect(raw).not.toMatch(/: keep-alive\n[^\n]/);
  },
  short,
);

difyCase(
  27,
  'comments may come before the first token',
  async ({ gateway, dify }) => {
    gateway.upstream.answer(idle(''));
    expect(await dify.invoke('hi')).toMatchObject({
      text: 'after the silence.',
      silent: false,
      error: undefined,
    });
  },
  short,
);

difyCase(28, 'every event has choices', async ({ gateway }) => {
  gateway.upstream.answer(async (_call, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(
      `data: ${JSON.stringify({ id: 'meta', provider: 'x' })}\n\ndata: ${JSON.stringify({ usage: USAGE })}\n\n`,
    );
    await streamChunksInto(response, [delta('Hello.')]);
  });
  const { frames, text } = await readStream(await gateway.post(chat('hi', { stream: true })));
  expect(text).toBe('Hello.');
  for (const frame of frames) expect(Array.isArray(frame['choices'])).toBe(true);
});

difyCase(29, 'the last chunk with choices carries the finish reason', async ({ gateway, dify }) => {
  gateway.upstream.answer(async (_call, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const chunks = [
      delta('Hello.'),
      { choices: [{ index: 0, delta: {}, finish_reason: 'length' }] },
      { choices: [{ index: 0, delta: {}, finish_reason: null }], usage: USAGE },
    ];
    for (const chunk of chunks) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    response.end('data: [DONE]\n\n');
  });
  expect(await dify.invoke('hi')).toMatchObject({ text: 'Hello.', finishReason: 'length' });
});

difyCase(
  30,
  'line separators, emoji and other scripts are the same under every delimiter',
  async ({ gateway, as }) => {
    const text = 'a\u2028b\u2029c\u0085d 👩‍🚀 grüße ไทย end.';
    gateway.upstream.answer(says(text, { pieces: [...text] }));
    const raw = await gateway.post(chat('hi', { stream: true }));
    expect(await raw.text()).not.toMatch(/[\u2028\u2029\u0085]/);
    for (const stream_mode_delimiter of ['\n\n', '\n', ''])
      expect(await as({ stream_mode_delimiter }).invoke('hi')).toMatchObject({ text, silent: false });
  },
);

difyCase(31, 'a provider that dies midway: Dify shows a text with a reference', async ({ gateway, dify }) => {
  gateway.upstream.answer((_call, response) =>
    streamChunks(response, [delta('A first sentence. '), delta('And ')], { end: 'cut' }),
  );
  const { error, raw, silent } = await dify.invoke('hi');
  expect(error).toMatch(/Reference: \w+/);
  expect([silent, raw.includes('[DONE]')]).toEqual([false, false]);
});

difyCase(
  32,
  'a provider that fails before its first byte: a status, never a stream',
  async ({ gateway, dify }) => {
    gateway.upstream.answer((_call, response) => json(response, 500, { error: { message: 'down' } }));
    const answer = await dify.invoke('hi');
    expect(answer.error).toMatch(/^API request failed with status code 502: \{"error":\{"message":/);
    expect(answer.headers.get('x-request-id')).toBeTruthy();
    expect(answer.raw).not.toContain('data:');
  },
);

difyCase(33, 'Dify hangs up midway: what was produced is recorded', async ({ gateway, door }) => {
  let cut = false;
  gateway.upstream.answer(async (_call, response) => {
    response.on('close', () => {
      cut = !response.writableFinished;
    });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let i = 0; i < 60 && !cut; i += 1) {
      response.write(`data: ${JSON.stringify(delta(`Sentence number ${i}. `))}\n\n`);
      await pause(10);
    }
    response.end('data: [DONE]\n\n');
  });
  const leave = new AbortController();
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.apiKey}` },
    body: JSON.stringify(chat('hi', { stream: true })),
    signal: leave.signal,
  });
  await response.body?.getReader().read();
  leave.abort();
  const [event] = await gateway.stored(1);
  expect(event?.usage.output).toBeGreaterThan(0);
  // The provider's side of the connection may hear of it a moment after the event was written.
  for (let waited = 0; door === 'http' && !cut && waited < 2_000; waited += 10) await pause(10);
  // Lambda tells a function nothing of a client that left: it reads the answer to its end.
  expect([cut, event?.type]).toEqual(
    door === 'http' ? [true, 'request.client_aborted'] : [false, expect.any(String)],
  );
});

difyCase(
  34,
  'a stream is answered with a stream, also by a provider that does not stream',
  async ({ gateway, dify }) => {
    gateway.upstream.answer((_call, response) =>
      json(response, 200, {
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content: 'Whole.' }, finish_reason: 'stop' }],
        usage: USAGE,
      }),
    );
    const answer = await dify.invoke('hi');
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    expect(answer).toMatchObject({ text: 'Whole.', finishReason: 'stop', silent: false, error: undefined });
  },
);
