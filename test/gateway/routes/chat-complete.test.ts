import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chat, readStream, startGateway, type TestGateway } from '../../support/gateway.ts';
import { json, type Script, streamChunks, USAGE } from '../../support/upstream.ts';

/** Everything a chat completion can hold, read with the official client. */

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(() => gateway.close());

type Fields = { [key: string]: unknown };

/** A provider with this message, whole or in the given deltas; `choice` and `head` go beside it. */
const answers =
  (
    message: Fields,
    options: { deltas?: Fields[]; choice?: Fields; head?: Fields; finish?: string } = {},
  ): Script =>
  async ({ body }, response) => {
    const { deltas = [message], choice = {}, head = {}, finish = 'stop' } = options;
    if (body['stream'] === true) {
      const chunks = deltas.map((delta, i) => ({
        ...head,
        choices: [{ index: 0, delta, ...(i === deltas.length - 1 ? choice : {}) }],
      }));
      await streamChunks(response, chunks, { finish });
      return;
    }
    const choices = [
      { index: 0, message: { role: 'assistant', ...message }, finish_reason: finish, ...choice },
    ];
    json(response, 200, { id: 'x', object: 'chat.completion', choices, usage: USAGE, ...head });
  };

/** The one choice as the official client has it in the end. */
async function choiceOf(more: Fields, stream: boolean) {
  const ask = chat('Please help.', more) as never;
  const { completions } = gateway.client.chat;
  const answer = stream ? await completions.stream(ask).finalChatCompletion() : await completions.create(ask);
  return (answer as unknown as { choices: [Fields & { message: Fields }] }).choices[0];
}

const call = (id: string, city: string) => ({
  id,
  type: 'function',
  function: { name: 'weather', arguments: JSON.stringify({ city }) },
});

describe.each([false, true])('with stream: %s', (stream) => {
  test('parallel calls of tools arrive complete, with their ids', async () => {
    const calls = [call('call_a', 'Rome'), call('call_b', 'Oslo')];
    const deltas = [
      {
        tool_calls: calls.map((one, index) => ({
          index,
          ...one,
          function: { name: 'weather', arguments: '' },
        })),
      },
      // Interleaved, without ids.
      { tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] },
      { tool_calls: [{ index: 1, function: { arguments: '{"city":"Os' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '"Rome"}' } }] },
      { tool_calls: [{ index: 1, function: { arguments: 'lo"}' } }] },
    ];
    gateway.upstream.answer(answers({ content: null, tool_calls: calls }, { deltas, finish: 'tool_calls' }));
    const asked = {
      tools: [
        { type: 'function', function: { name: 'weather', parameters: { type: 'object' }, strict: true } },
      ],
      tool_choice: { type: 'function', function: { name: 'weather' } },
      parallel_tool_calls: true,
    };

    const choice = await choiceOf(asked, stream);

    expect(choice).toMatchObject({
      finish_reason: 'tool_calls',
      message: { content: stream ? '' : null, tool_calls: calls },
    });
    expect(gateway.upstream.calls[0]?.body).toMatchObject(asked);
  });

  test('a legacy function call arrives', async () => {
    const function_call = { name: 'weather', arguments: '{"city":"Rome"}' };
    gateway.upstream.answer(answers({ content: null, function_call }, { finish: 'function_call' }));
    const asked = { functions: [{ name: 'weather', parameters: {} }], function_call: 'auto' };

    expect((await choiceOf(asked, stream)).message).toMatchObject({ function_call });
    expect(gateway.upstream.calls[0]?.body).toMatchObject(asked);
  });

  test('schema, unknown fields and everything else of a request is forwarded', async () => {
    const asked = {
      response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' } } },
      temperature: 0.2,
      logit_bias: { '50256': -100 },
      reasoning_effort: 'low',
      service_tier: 'flex',
      prediction: { type: 'content', content: 'a draft' },
      chat_template_kwargs: { enable_thinking: false },
      made_up: { deep: [1, 'two'] },
    };
    gateway.upstream.answer(answers({ content: '{}' }));

    await choiceOf(asked, stream);

    expect(gateway.upstream.calls[0]?.body).toMatchObject(asked);
  });

  test.each(['reasoning_content', 'reasoning'])('%s arrives as reasoning_content', async (field) => {
    gateway.upstream.answer(answers({ [field]: 'I think.', content: 'Yes.' }));
    const response = await gateway.post(chat('Please help.', { stream }));
    expect(await response.text()).toMatch(/"reasoning_content":"I .*think\."/s);
  });

  test('tier and fingerprint go out as they came when they look like it', async () => {
    for (const [head, expected] of [
      [
        { service_tier: 'flex', system_fingerprint: 'fp_44709d6fcb' },
        /"service_tier":"flex".*"fp_44709d6fcb"/,
      ],
      [{ service_tier: 'Planted Here', system_fingerprint: 'fp_planted' }, /^((?!lanted).)*$/s],
    ] as const) {
      gateway.upstream.answer(answers({ content: 'Yes.' }, { head }));
      expect(await (await gateway.post(chat('Please help.', { stream }))).text()).toMatch(expected);
    }
  });

  const tokens = (...texts: string[]) =>
    texts.map((token) => ({ token, logprob: -0.5, bytes: [...Buffer.from(token)], top_logprobs: [] }));

  test('log probabilities arrive when they were asked for and spell the text', async () => {
    const content = tokens('Go', 'od', ' day ', '👍');
    // OpenAI splits a character over tokens and writes their bytes out.
    content.splice(3, 1, { ...content[3]!, token: '\\xf0\\x9f', bytes: [0xf0, 0x9f] });
    content.push({ ...content[3]!, token: '\\x91\\x8d', bytes: [0x91, 0x8d] });
    gateway.upstream.answer(answers({ content: 'Good day 👍' }, { choice: { logprobs: { content } } }));

    expect((await choiceOf({ logprobs: true }, stream))['logprobs']).toMatchObject({ content });
    const unasked = await gateway.post(chat('Please help.', { stream }));
    expect(await unasked.text()).not.toContain('"token"');
  });

  test.each([
    [
      'of a text that was redacted',
      'To jane.roe@mail.example.org',
      tokens('To ', 'jane.roe@mail.example.org'),
    ],
    ['of another text', 'Good day', tokens('planted', ' here')],
    ['whose bytes say something else', 'Good', [{ ...tokens('Good')[0], token: 'planted' }]],
    ['that are no tokens', 'Good', [{ token: 'Good' }, 'planted']],
  ])('log probabilities %s do not arrive', async (_what, content, logprobs) => {
    gateway.upstream.answer(answers({ content }, { choice: { logprobs: { content: logprobs } } }));

    const text = await (await gateway.post(chat('Please help.', { stream, logprobs: true }))).text();

    expect(text).not.toMatch(/"token"|planted|jane/);
  });

  test.each([
    ['arrive', [' Yes', ' No'], true],
    ['do not arrive where one of them must not', ['Hello', ' jane.roe@mail.example.org'], false],
    ['do not arrive where they spell what must not', [' jane.roe@', 'mail.example.org'], false],
  ])('alternatives %s', async (_what, alternatives, expected) => {
    const content = tokens('Good', ' day').map((token, i) => ({
      ...token,
      top_logprobs: [{ token: alternatives[i], logprob: -1, bytes: null }],
    }));
    gateway.upstream.answer(answers({ content: 'Good day' }, { choice: { logprobs: { content } } }));

    const choice = await choiceOf({ logprobs: true, top_logprobs: 1 }, stream);

    const { content: read } = choice['logprobs'] as { content: { token: string; top_logprobs: object[] }[] };
    expect(read.map(({ token }) => token)).toEqual(['Good', ' day']);
    expect(read.flatMap((item) => item.top_logprobs)).toHaveLength(expected ? 2 : 0);
  });

  const citation = (more: Fields) => ({
    type: 'url_citation',
    url_citation: { url: 'https://example.org/a', title: 'A page', start_index: 0, end_index: 4, ...more },
  });

  test('citations arrive with their listed fields', async () => {
    const annotations = [citation({ note: 'planted here' }), { type: 'made_up', text: 'planted here' }];
    gateway.upstream.answer(answers({ content: 'Good day', annotations }));

    const text = await (await gateway.post(chat('Please help.', { stream }))).text();

    expect(text).toContain('"url":"https://example.org/a","title":"A page","start_index":0,"end_index":4');
    expect(text).not.toContain('planted');
  });

  test.each([
    ['a title that must not', 'Good day', { title: 'jane.roe@mail.example.org' }],
    ['a link that must not', 'Good day', { url: 'https://example.org/?q=jane.roe@mail.example.org' }],
    ['a link that is none', 'Good day', { url: 'javascript:jane' }],
    ['a text that was redacted', 'To jane.roe@mail.example.org', {}],
  ])('citations with %s do not arrive', async (_what, content, more) => {
    gateway.upstream.answer(answers({ content, annotations: [citation(more)] }));
    const text = await (await gateway.post(chat('Please help.', { stream }))).text();
    expect(text).not.toMatch(/url_citation|jane/);
  });

  const modalities = { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } };
  const spoken = (transcript: string) => ({
    content: null,
    audio: { id: 'audio_1', expires_at: 9, data: 'UklGRg==', transcript },
  });

  test('sound arrives with a transcript that was not edited, and is noted as unread', async () => {
    gateway.upstream.answer(answers(spoken('Good morning.')));

    const response = await gateway.post(chat('Please help.', { stream, ...modalities }));

    const text = await response.text();
    expect(text).toContain('"data":"UklGRg=="');
    expect(text).toMatch(/"transcript":"Good .*morning\."/s);
    expect((await gateway.stored(1))[0]?.unscanned_parts).toEqual(['answer audio']);
  });

  test('sound of a transcript that was edited does not arrive; the edited transcript does', async () => {
    gateway.upstream.answer(answers(spoken('Please write to jane.roe@mail.example.org today.')));

    const text = await (await gateway.post(chat('Please help.', { stream, ...modalities }))).text();

    expect(text).not.toMatch(/UklGRg|jane/);
    expect(text).toContain('Please write to');
  });

  test('sound that nobody asked for does not arrive', async () => {
    gateway.upstream.answer(answers(spoken('Good morning.')));
    const text = await (await gateway.post(chat('Please help.', { stream }))).text();
    expect(text).not.toMatch(/UklGRg|morning/);
  });

  test('n choices arrive, each with its own text', async () => {
    const texts = ['one', 'two', 'three'];
    gateway.upstream.answer(async ({ body }, response) => {
      const finish_reason = 'stop';
      if (body['stream'] !== true) {
        const choices = texts.map((content, index) => ({ index, message: { content }, finish_reason }));
        json(response, 200, { choices, usage: USAGE });
        return;
      }
      await streamChunks(
        response,
        texts.map((content, index) => ({ choices: [{ index, delta: { content }, finish_reason }] })),
      );
    });

    const ask = chat('Please help.', { n: 3 }) as never;
    const { completions } = gateway.client.chat;
    const answer = await (stream ? completions.stream(ask).finalChatCompletion() : completions.create(ask));

    expect(
      (answer as unknown as { choices: { message: Fields }[] }).choices.map(
        ({ message }) => message['content'],
      ),
    ).toEqual(texts);
  });

  test('a picture, an audio, a video and a file are forwarded and named on the event', async () => {
    const data = btoa('x'.repeat(99));
    const content = [
      { type: 'image_url', image_url: { url: `data:image/png;base64,${data}`, detail: 'low' } },
      { type: 'image_url', image_url: { url: `data:video/mp4;base64,${data}` } },
      { type: 'input_audio', input_audio: { data, format: 'wav' } },
      { type: 'video_url', video_url: { url: 'https://pics.test/a.mp4' } },
      { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${data}` } },
    ];

    await gateway.post({ ...chat(''), messages: [{ role: 'user', content }], stream });

    expect(gateway.upstream.calls[0]?.body['messages']).toEqual([{ role: 'user', content }]);
    expect((await gateway.stored(1))[0]?.unscanned_parts).toHaveLength(5);
  });
});

test('where unread parts are not accepted, sound cannot be asked for', async () => {
  const pack = `
pack: { name: strict, version: "1.0" }
providers: [{ name: openai, model: gpt-4o, secret_key_ref: { env: OPENAI_API_KEY } }]
policies: { chain: [pii-detector] }
unscanned_parts: block
`;
  const own = await startGateway({ pack });
  const response = await own.post(chat('Please help.', { modalities: ['audio'] }));
  expect(response.headers.get('x-keeptrusts-verdict')).toBe('blocked');
  expect(own.upstream.calls).toHaveLength(0);
  await own.close();
});

test('a stream with log probabilities still has the frames Dify reads', async () => {
  const logprobs = { content: [{ token: 'Good', logprob: -0.5, bytes: null, top_logprobs: [] }] };
  gateway.upstream.answer(answers({ content: 'Good' }, { choice: { logprobs } }));

  const response = await gateway.post(chat('Please help.', { stream: true, logprobs: true }));

  const { frames } = await readStream(response);
  const choices = frames.flatMap((frame) => frame['choices'] as { finish_reason: unknown }[]);
  expect(choices.at(-1)?.finish_reason).toBe('stop');
  expect(frames.at(-1)).toMatchObject({ choices: [], usage: {} });
});
