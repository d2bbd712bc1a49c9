import { describe, expect, test } from '@jest/globals';
import type { Json, JsonObject } from '#core/json.ts';
import { anthropic } from '#providers/anthropic.ts';
import { ask, chunksOf, messageOf, recorded } from './ask.ts';

const target = {
  provider: 'anthropic',
  vendor: 'anthropic',
  base_url: 'https://api.anthropic.com/v1',
  provider_model: 'claude-sonnet-4-5',
} as const;
const whole = (name: string, status = 200) => ({ status, pieces: [recorded(`anthropic/${name}`)] });
const stream = (name: string) => ({ type: 'text/event-stream', pieces: [recorded(`anthropic/${name}`)] });
const user = (content: Json) => ({ role: 'user', content });

/** What is sent for a request. */
async function sent(body: object, model: string = target.provider_model): Promise<JsonObject> {
  const question = { target: { ...target, provider_model: model }, body: body as JsonObject };
  return (await ask(anthropic, question, whole('text-answer.json'))).sent.body;
}

const sentMessages = async (...messages: object[]) => (await sent({ messages }))['messages'];

test('a request goes to /messages with key and version in headers of their own', async () => {
  const { sent } = await ask(anthropic, { target }, whole('text-answer.json'));

  expect(sent.url).toBe('https://api.anthropic.com/v1/messages');
  expect(sent.headers.get('x-api-key')).toBe('secret-key');
  expect(sent.headers.get('anthropic-version')).toBe('2023-06-01');
  expect(sent.headers.get('authorization')).toBeNull();
  expect(sent.body).toEqual({
    model: 'claude-sonnet-4-5',
    max_tokens: 4096,
    stream: false,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }],
  });
});

describe('messages', () => {
  test('instructions of every kind and place come first, in their order', async () => {
    const body = await sent({
      messages: [
        { role: 'system', content: 'one' },
        user('hi'),
        { role: 'developer', content: [{ type: 'text', text: 'two' }] },
        { role: 'system', content: '' },
      ],
    });

    expect(body['system']).toEqual([
      { type: 'text', text: 'one' },
      { type: 'text', text: 'two' },
    ]);
    expect(body['messages']).toEqual([{ role: 'user', content: [{ type: 'text', text: 'hi' }] }]);
  });

  test('neighbours of one side become one turn', async () => {
    expect(
      await sentMessages(
        user('a'),
        user('b'),
        { role: 'assistant', content: 'c' },
        { role: 'assistant', content: 'd ' },
      ),
    ).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'c' },
          { type: 'text', text: 'd' },
        ],
      },
    ]);
  });

  test('a conversation that no user begins gets a turn that says nothing', async () => {
    expect(await sentMessages({ role: 'assistant', content: 'Welcome' }, user('hi'))).toMatchObject([
      { role: 'user', content: [{ text: '.' }] },
      { role: 'assistant' },
      { role: 'user' },
    ]);
    expect(await sentMessages({ role: 'system', content: 'only this' })).toMatchObject([{ role: 'user' }]);
  });

  test('calls and their results find each other, in one turn of the user', async () => {
    const call = (id: string, name: string) => ({
      id,
      type: 'function',
      function: { name, arguments: '{"x":1}' },
    });
    expect(
      await sentMessages(
        user('go'),
        { role: 'assistant', content: null, tool_calls: [call('call_1', 'f'), call('call.2', 'g')] },
        { role: 'tool', tool_call_id: 'call_1', content: 'one' },
        { role: 'tool', tool_call_id: 'call.2', content: [{ type: 'text', text: 'two' }] },
        user('and?'),
      ),
    ).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'go' }] },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'call_1', name: 'f', input: { x: 1 } },
          { type: 'tool_use', id: 'call_2', name: 'g', input: { x: 1 } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'call_1', content: [{ type: 'text', text: 'one' }] },
          { type: 'tool_result', tool_use_id: 'call_2', content: [{ type: 'text', text: 'two' }] },
          { type: 'text', text: 'and?' },
        ],
      },
    ]);
  });

  test('tools that only the history knows are declared', async () => {
    const call = { id: 'a', type: 'function', function: { name: 'old', arguments: '{}' } };
    const body = await sent({
      messages: [
        user('x'),
        { role: 'assistant', tool_calls: [call] },
        { role: 'tool', tool_call_id: 'a', content: '' },
      ],
    });

    expect(body).toMatchObject({ tools: [{ name: 'old', input_schema: { type: 'object' } }] });
    expect(body).not.toHaveProperty('tool_choice');
  });

  test('a call of the days before tools finds its result, too', async () => {
    const messages = await sentMessages(
      user('go'),
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '' } },
      { role: 'function', name: 'f', content: 'done' },
    );

    expect(messages).toMatchObject([
      {},
      { content: [{ type: 'tool_use', id: 'call_1', name: 'f', input: {} }] },
      { content: [{ type: 'tool_result', tool_use_id: 'call_1' }] },
    ]);
  });

  test('what shall be cached is marked', async () => {
    const cache_control = { type: 'ephemeral', ttl: '1h' };
    const part = (text: string, more: JsonObject = {}) => ({ type: 'text', text, ...more });
    const body = await sent({
      messages: [
        { role: 'system', content: [part('long', { cache_control }), part('short')] },
        user([part('also long', { cache_control: { type: 'ephemeral' } })]),
      ],
    });

    expect(body['system']).toEqual([part('long', { cache_control }), part('short')]);
    expect(body['messages']).toEqual([
      { role: 'user', content: [part('also long', { cache_control: { type: 'ephemeral' } })] },
    ]);
  });

  test('images travel as bytes or as an address, documents by their kind', async () => {
    const data = Buffer.from('plain words').toString('base64');
    const messages = await sentMessages(
      user([
        { type: 'image_url', image_url: { url: 'data:image/jpg;base64,/9j/4A==', detail: 'low' } },
        { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
        { type: 'file', file: { file_data: 'data:application/pdf;base64,JVBERi0=', filename: 'a.pdf' } },
        { type: 'file', file: { file_data: `data:text/plain;charset=utf-8;base64,${data}` } },
      ]),
    );

    expect(messages).toMatchObject([
      {
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: '/9j/4A==' } },
          { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
          {
            type: 'document',
            title: 'a.pdf',
            source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' },
          },
          {
            type: 'document',
            title: 'document',
            source: { type: 'text', media_type: 'text/plain', data: 'plain words' },
          },
        ],
      },
    ]);
  });
});

describe('settings', () => {
  const messages = [user('hi')];
  const tools = [
    {
      type: 'function',
      function: { name: 'f', description: 'does f', parameters: { properties: { a: {} } }, strict: true },
    },
    { type: 'function', function: { name: 'g' } },
  ];

  test.each([
    [{ max_tokens: 5 }, { max_tokens: 5 }],
    [{ max_completion_tokens: 6 }, { max_tokens: 6 }],
    [{ temperature: 1.7, top_p: 0.4 }, { temperature: 1 }],
    [
      { top_p: 0.4, top_k: 7 },
      { top_p: 0.4, top_k: 7 },
    ],
    [{ stop: 'END' }, { stop_sequences: ['END'] }],
    [{ stop: ['\n', 'END'] }, { stop_sequences: ['END'] }],
    [{ user: 'u-1' }, { metadata: { user_id: 'u-1' } }],
    [{ response_format: { type: 'json_object' } }, { system: [{ text: expect.stringContaining('JSON') }] }],
    [
      { response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' } } } },
      { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
    ],
    [
      { tools },
      {
        tools: [
          {
            name: 'f',
            description: 'does f',
            input_schema: { type: 'object', properties: { a: {} } },
            strict: true,
          },
          { name: 'g', input_schema: { type: 'object', properties: {} } },
        ],
      },
    ],
    [{ tools, tool_choice: 'required' }, { tool_choice: { type: 'any' } }],
    [{ tools, tool_choice: 'none' }, { tool_choice: { type: 'none' } }],
    [
      { tools, parallel_tool_calls: false },
      { tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
    ],
    [
      { tools, tool_choice: { type: 'function', function: { name: 'f' } } },
      { tool_choice: { type: 'tool', name: 'f' } },
    ],
    [
      { functions: [{ name: 'f' }], function_call: { name: 'f' } },
      { tool_choice: { type: 'tool', name: 'f', disable_parallel_tool_use: true } },
    ],
  ])('%j', async (settings, expected) => {
    expect(await sent({ messages, ...settings })).toMatchObject(expected);
  });

  test('a temperature stands alone', async () => {
    expect(await sent({ messages, temperature: 0.5, top_p: 0.4 })).not.toHaveProperty('top_p');
  });

  test.each([
    [{ frequency_penalty: 1 }],
    [{ presence_penalty: 1 }],
    [{ seed: 1 }],
    [{ logit_bias: {} }],
    [{ verbosity: 'low' }],
    [{ metadata: { a: 'b' } }],
    [{ stream_options: {} }],
    [{ service_tier: 'auto' }],
    [{ n: 1 }],
    [{ logprobs: false }],
  ])('%j changes nothing', async (settings) => {
    expect(await sent({ messages, ...settings })).toEqual(await sent({ messages }));
  });

  test.each([
    [{ n: 2 }, '"n" above 1'],
    [{ logprobs: true }, '"logprobs"'],
    [{ modalities: ['text', 'audio'] }, '"modalities"'],
    [{ tools: [{ type: 'custom', custom: { name: 'x' } }] }, 'not a function'],
    [{ messages: [user([{ type: 'input_audio', input_audio: {} }])] }, 'input_audio'],
    [
      { messages: [user([{ type: 'image_url', image_url: { url: 'data:video/mp4;base64,AA==' } }])] },
      'kind of image',
    ],
    [
      { messages: [user([{ type: 'image_url', image_url: { url: 'http://example.com/a.png' } }])] },
      'kind of image',
    ],
    [{ messages: [user([{ type: 'file', file: { file_id: 'file-1' } }])] }, 'kind of file'],
    [
      {
        messages: [{ role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{' } }] }],
      },
      'arguments are not a JSON object',
    ],
  ])('%j is refused with a reason', async (settings, reason) => {
    await expect(sent({ messages, ...settings })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(reason),
    });
  });
});

describe('thinking', () => {
  const messages = [user('hi')];

  test('older models get a budget below the client’s limit, and no other randomness', async () => {
    const body = await sent({ messages, reasoning_effort: 'high', max_tokens: 6000, temperature: 0.2 });

    expect(body).toMatchObject({ max_tokens: 6000, thinking: { type: 'enabled', budget_tokens: 3000 } });
    expect(body).not.toHaveProperty('temperature');
  });

  test('newer models get an effort', async () => {
    expect(await sent({ messages, reasoning_effort: 'low' }, 'claude-opus-4-8')).toMatchObject({
      thinking: { type: 'adaptive' },
      output_config: { effort: 'low' },
    });
  });

  test.each([
    ['the limit is too small for it', { max_tokens: 1500 }],
    ['nobody asked for it', { reasoning_effort: 'none' }],
    [
      'a tool must be called',
      { tools: [{ type: 'function', function: { name: 'f' } }], tool_choice: 'required' },
    ],
    [
      'a result comes back without the signed thoughts that led to its call',
      {
        messages: [
          user('x'),
          {
            role: 'assistant',
            reasoning_content: 'hm',
            tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{}' } }],
          },
          { role: 'tool', tool_call_id: 'a', content: 'r' },
        ],
      },
    ],
  ])('is left out where %s', async (_why, more) => {
    expect(await sent({ messages, reasoning_effort: 'low', ...more })).not.toHaveProperty('thinking');
  });
});

const USAGE = {
  prompt_tokens: 700,
  completion_tokens: 89,
  total_tokens: 789,
  prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 100, cache_write_1h_tokens: 200 },
  completion_tokens_details: { reasoning_tokens: 12 },
};

describe('answers', () => {
  test('a whole message becomes a completion', async () => {
    const { answer } = await ask(anthropic, { target }, whole('tools-answer.json'));
    const fn = (name: string, text: string) => ({ type: 'function', function: { name, arguments: text } });

    expect(answer).toMatchObject({
      kind: 'whole',
      body: {
        model: 'claude-opus-4-8',
        choices: [
          {
            index: 0,
            finish_reason: 'tool_calls',
            message: {
              role: 'assistant',
              content: 'I will look.',
              reasoning_content: 'Two cities, two calls.',
              tool_calls: [
                { id: 'toolu_01T', ...fn('get_weather', '{"city":"Köln"}') },
                { id: 'toolu_02T', ...fn('list_cities', '{}') },
              ],
            },
          },
        ],
        usage: USAGE,
      },
    });
  });

  test('a streamed message says the same', async () => {
    const { answer } = await ask(anthropic, { target, stream: true }, stream('tools-stream.sse'));

    expect(messageOf(await chunksOf(answer))).toEqual({
      content: 'I will look.',
      reasoning_content: 'Two cities, two calls.',
      calls: [
        { id: 'toolu_01T', name: 'get_weather', arguments: '{"city": "Köln"}' },
        { id: 'toolu_02T', name: 'list_cities', arguments: '{}' },
      ],
      finish: 'tool_calls',
      usage: USAGE,
    });
  });

  test('a client of the days before tools is answered in its own words', async () => {
    const body = { messages: [user('hi')], functions: [{ name: 'get_weather' }] };
    const { answer } = await ask(anthropic, { target, body }, whole('tools-answer.json'));

    expect(answer).toMatchObject({
      body: {
        choices: [{ finish_reason: 'function_call', message: { function_call: { name: 'get_weather' } } }],
      },
    });
  });

  test.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['refusal', 'content_filter'],
    ['model_context_window_exceeded', 'length'],
    ['something_new', 'stop'],
  ])('stop reason %s is finish reason %s', async (stop_reason, finish_reason) => {
    const message = JSON.parse(new TextDecoder().decode(recorded('anthropic/text-answer.json'))) as object;
    const pieces = [new TextEncoder().encode(JSON.stringify({ ...message, stop_reason }))];
    const { answer } = await ask(anthropic, { target }, { pieces });

    expect(answer).toMatchObject({ body: { choices: [{ finish_reason }] } });
  });
});

describe('failures', () => {
  test.each([
    [
      400,
      'invalid.json',
      { code: 'provider_rejected', again: false, message: expect.stringContaining('at least one message') },
    ],
    [401, 'invalid.json', { code: 'provider_auth_error' }],
    [429, 'overloaded.json', { code: 'provider_rate_limited', again: true }],
    [529, 'overloaded.json', { code: 'provider_error', again: true, status: 529 }],
    [200, 'invalid.json', { code: 'provider_error', again: true }],
  ])('status %i', async (status, file, expected) => {
    await expect(ask(anthropic, { target }, whole(file, status))).rejects.toMatchObject(expected);
  });

  test('an error as first event of a stream can be tried again elsewhere', async () => {
    const { answer } = await ask(anthropic, { target, stream: true }, stream('overloaded-stream.sse'));

    await expect(chunksOf(answer)).rejects.toMatchObject({ code: 'provider_error', again: true });
  });

  test('an error inside an answer ends it as a failure', async () => {
    const { answer } = await ask(anthropic, { target, stream: true }, stream('overloaded-late-stream.sse'));

    await expect(chunksOf(answer)).rejects.toMatchObject({ code: 'provider_error', again: false });
  });

  test('a page instead of a stream is a failure', async () => {
    const page = { type: 'text/html', pieces: [new TextEncoder().encode('<html>')] };

    await expect(ask(anthropic, { target, stream: true }, page)).rejects.toMatchObject({ again: true });
  });

  test('an operation that the wire does not have is refused before anything is sent', async () => {
    const embeddings = ask(
      anthropic,
      { target, call: { operation: 'embeddings' } },
      whole('text-answer.json'),
    );

    await expect(embeddings).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
