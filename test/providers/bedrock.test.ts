import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { bedrockRuntime } from '#aws/bedrock-runtime.ts';
import { Key } from '#core/auth/key.ts';
import type { Json, JsonObject } from '#core/json.ts';
import type { Target } from '#core/pack/pack.ts';
import { bedrock } from '#providers/bedrock.ts';
import { ProviderFailure } from '#providers/failure.ts';
import type { ProviderAnswer, ProviderCall } from '#providers/provider.ts';
import { chunksOf, messageOf, recorded, targetOf } from './ask.ts';
import { type BedrockServer, eventStream, events, json, startBedrock } from './bedrock-server.ts';

const runtime = bedrockRuntime();
let server: BedrockServer;

beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDTEST';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
  server = await startBedrock();
});
afterAll(() => server.close());
beforeEach(() => {
  server.calls.length = 0;
  server.answer((call, response) =>
    call.path.endsWith('converse-stream')
      ? events(response, [eventStream('tools-stream.jsonl')])
      : json(response, 200, recorded('bedrock/tools-answer.json')),
  );
});

const CLAUDE = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const user = (content: Json): JsonObject => ({ role: 'user', content });

function ask(
  body: JsonObject = { messages: [user('hello')] },
  more: Partial<ProviderCall> = {},
  target: Partial<Target> = {},
): Promise<ProviderAnswer> {
  const { secret: _, ...rest } = targetOf({
    provider: 'bedrock',
    vendor: 'bedrock',
    region: 'eu-central-1',
    provider_model: CLAUDE,
    ...target,
  });
  return bedrock({
    operation: 'chat',
    fetch: () => Promise.reject(new Error('the SDK is asked, not fetch')),
    bedrock: runtime,
    target: { ...rest, ...(target.secret ? { secret: target.secret } : {}) },
    baseUrl: server.url,
    key: new Key('bedrock-api-key'),
    body,
    stream: false,
    requestId: 'req_1',
    signal: new AbortController().signal,
    ...more,
  });
}

async function sent(body: JsonObject, target: Partial<Target> = {}): Promise<JsonObject> {
  await ask(body, {}, target);
  return server.calls.at(-1)?.body ?? {};
}

const USAGE = {
  prompt_tokens: 700,
  completion_tokens: 89,
  total_tokens: 789,
  prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 100, cache_write_1h_tokens: 200 },
  completion_tokens_details: { reasoning_tokens: 0 },
};
const FINAL = {
  content: 'I will look.',
  reasoning_content: 'Two cities, two calls.',
  calls: [
    { id: 'tooluse_a1', name: 'get_weather', arguments: '{"city": "Köln"}' },
    { id: 'tooluse_a2', name: 'list_cities', arguments: '{}' },
  ],
  finish: 'tool_calls',
  usage: USAGE,
};

describe('requests', () => {
  test('are signed with the role of the process, for the target’s region', async () => {
    await ask();

    expect(server.calls[0]?.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDTEST\/\d+\/eu-central-1\/bedrock\//,
    );
    expect(server.calls[0]?.path).toBe(`/model/${CLAUDE}/converse`);
  });

  test('carry a Bedrock API key where the target names a secret', async () => {
    await ask(undefined, {}, { secret: { env: 'AWS_BEARER_TOKEN_BEDROCK' } });

    expect(server.calls[0]?.authorization).toBe('Bearer bedrock-api-key');
  });

  test('name an application inference profile by its ARN', async () => {
    const arn = 'arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/a1b2';
    await ask(undefined, {}, { provider_model: arn, base_model: CLAUDE });

    expect(server.calls[0]?.path).toBe(`/model/${arn}/converse`);
  });

  test('hold the conversation in Converse’s blocks', async () => {
    const body = await sent({
      messages: [
        { role: 'system', content: 'be brief' },
        user([
          { type: 'text', text: 'what is this?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0=' } },
          { type: 'file', file: { file_data: 'data:application/pdf;base64,JVBERi0=', filename: 'a/b.pdf' } },
        ]),
        {
          role: 'assistant',
          content: 'hm',
          tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }],
        },
        { role: 'tool', tool_call_id: 'call_1', content: 'done' },
      ],
      tools: [
        { type: 'function', function: { name: 'f', description: 'does f', parameters: { type: 'object' } } },
      ],
      tool_choice: 'required',
      max_tokens: 9,
      temperature: 0.5,
      stop: 'END',
    });

    expect(body).toEqual({
      system: [{ text: 'be brief' }],
      messages: [
        {
          role: 'user',
          content: [
            { text: 'what is this?' },
            { image: { format: 'png', source: { bytes: 'iVBORw0=' } } },
            { document: { format: 'pdf', name: 'a b pdf', source: { bytes: 'JVBERi0=' } } },
          ],
        },
        {
          role: 'assistant',
          content: [{ text: 'hm' }, { toolUse: { toolUseId: 'call_1', name: 'f', input: { x: 1 } } }],
        },
        { role: 'user', content: [{ toolResult: { toolUseId: 'call_1', content: [{ text: 'done' }] } }] },
      ],
      inferenceConfig: { maxTokens: 9, temperature: 0.5, stopSequences: ['END'] },
      toolConfig: {
        tools: [
          { toolSpec: { name: 'f', description: 'does f', inputSchema: { json: { type: 'object' } } } },
        ],
        toolChoice: { any: {} },
      },
      requestMetadata: { keeptrusts_request_id: 'req_1' },
    });
  });

  test('mark what shall be cached by a block behind it', async () => {
    const cache_control = { type: 'ephemeral', ttl: '1h' };
    const cachePoint = { type: 'default', ttl: '1h' };
    const body = await sent({
      messages: [
        { role: 'system', content: [{ type: 'text', text: 'long', cache_control }] },
        user([
          { type: 'text', text: 'also', cache_control },
          { type: 'text', text: 'short' },
        ]),
      ],
    });

    expect(body['system']).toEqual([{ text: 'long' }, { cachePoint }]);
    expect(body['messages']).toEqual([
      { role: 'user', content: [{ text: 'also' }, { cachePoint }, { text: 'short' }] },
    ]);
  });

  test('declare tools that only the history knows', async () => {
    const call = { id: 'a', type: 'function', function: { name: 'old', arguments: '{}' } };
    const body = await sent({
      messages: [
        user('x'),
        { role: 'assistant', tool_calls: [call] },
        { role: 'tool', tool_call_id: 'a', content: '' },
      ],
    });

    expect(body).toMatchObject({ toolConfig: { tools: [{ toolSpec: { name: 'old' } }] } });
    expect(body).toMatchObject({
      messages: [{}, {}, { content: [{ toolResult: { content: [{ json: {} }] } }] }],
    });
  });

  test('offer no tools where none may be called', async () => {
    const tools = [{ type: 'function', function: { name: 'f' } }];

    expect(await sent({ messages: [user('x')], tools, tool_choice: 'none' })).not.toHaveProperty(
      'toolConfig',
    );
  });

  test.each([
    [
      CLAUDE,
      { reasoning_effort: 'low' },
      { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } } },
    ],
    ['eu.anthropic.claude-opus-4-8', { reasoning_effort: 'low' }, { outputConfig: { effort: 'low' } }],
    [
      'openai.gpt-oss-120b-1:0',
      { reasoning_effort: 'low' },
      { additionalModelRequestFields: { reasoning_effort: 'low' } },
    ],
    [CLAUDE, { top_k: 5 }, { additionalModelRequestFields: { top_k: 5 } }],
    [
      'eu.amazon.nova-lite-v1:0',
      { top_k: 5 },
      { additionalModelRequestFields: { inferenceConfig: { topK: 5 } } },
    ],
    [
      CLAUDE,
      { response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' } } } },
      {
        outputConfig: {
          textFormat: {
            type: 'json_schema',
            structure: { jsonSchema: { name: 'n', schema: '{"type":"object"}' } },
          },
        },
      },
    ],
  ])('ask %s for %j in its own words', async (provider_model, settings, expected) => {
    expect(
      await sent({ messages: [user('x')], ...(settings as JsonObject) }, { provider_model }),
    ).toMatchObject(expected);
  });

  test('with an image by its address are refused', async () => {
    const body = {
      messages: [user([{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }])],
    };

    await expect(ask(body)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(server.calls).toHaveLength(0);
  });
});

describe('answers', () => {
  test('whole and streamed say the same, and a guardrail’s trace is not relayed', async () => {
    const whole = await ask();
    const streamed = messageOf(await chunksOf(await ask(undefined, { stream: true })));

    expect(streamed).toEqual(FINAL);
    expect(whole).toMatchObject({ kind: 'whole', requestId: 'aws-1' });
    expect(JSON.stringify(whole)).not.toContain('guardrail');
    expect(whole).toMatchObject({
      body: {
        choices: [
          {
            finish_reason: 'tool_calls',
            message: {
              content: FINAL.content,
              reasoning_content: FINAL.reasoning_content,
              tool_calls: [
                { id: 'tooluse_a1', function: { name: 'get_weather', arguments: '{"city":"Köln"}' } },
                { id: 'tooluse_a2', function: { name: 'list_cities', arguments: '{}' } },
              ],
            },
          },
        ],
        usage: USAGE,
      },
    });
  });

  test.each([
    ['end_turn', 'stop'],
    ['max_tokens', 'length'],
    ['guardrail_intervened', 'content_filter'],
    ['content_filtered', 'content_filter'],
  ])('stop reason %s is finish reason %s', async (stopReason, finish_reason) => {
    const message = { role: 'assistant', content: [{ text: 'x' }] };
    server.answer((_call, response) => json(response, 200, { output: { message }, stopReason, usage: {} }));

    expect(await ask()).toMatchObject({ body: { choices: [{ finish_reason }] } });
  });

  test('a malformed tool call is a failure, not an answer', async () => {
    const message = { role: 'assistant', content: [] };
    server.answer((_call, response) =>
      json(response, 200, { output: { message }, stopReason: 'malformed_tool_use', usage: {} }),
    );

    await expect(ask()).rejects.toMatchObject({ code: 'provider_error', again: true });
  });
});

describe('streams', () => {
  const bytes = eventStream('tools-stream.jsonl');
  const read = async (pieces: Uint8Array[], cut = false) => {
    server.answer((_call, response) => events(response, pieces, cut));
    return messageOf(await chunksOf(await ask(undefined, { stream: true })));
  };

  test('give the same answer for every place at which they are cut in two', async () => {
    server.answer((call, response) => {
      const at = Number((call.body['requestMetadata'] as JsonObject)['keeptrusts_request_id']);
      return events(response, [bytes.subarray(0, at), bytes.subarray(at)]);
    });
    const cutAt = async (at: number) =>
      messageOf(await chunksOf(await ask(undefined, { stream: true, requestId: String(at) })));
    for (let at = 1; at < bytes.length; at += 32) {
      const places = Array.from({ length: Math.min(32, bytes.length - at) }, (_, i) => at + i);
      for (const answer of await Promise.all(places.map(cutAt))) expect(answer).toEqual(FINAL);
    }
  }, 60_000);

  test.each([[false], [true]])(
    'are never shorter without a failure (connection broken: %s)',
    async (broken) => {
      const { usage: _, ...whole } = FINAL;
      for (let end = 0; end < bytes.length; end += 1) {
        const got = await read([bytes.subarray(0, end)], broken).catch((error: unknown) => error);
        if (!(got instanceof ProviderFailure)) expect(got).toMatchObject(whole);
      }
    },
    60_000,
  );

  test('that are throttled before their first word can be tried again', async () => {
    server.answer((_call, response) => events(response, [eventStream('throttled-stream.jsonl')]));
    const asked = ask(undefined, { stream: true }).then(chunksOf);

    await expect(asked).rejects.toMatchObject({ code: 'provider_rate_limited', again: true });
  });

  test('that fail later end as a failure', async () => {
    server.answer((_call, response) => events(response, [eventStream('failing-stream.jsonl')]));
    const answer = await ask(undefined, { stream: true });

    await expect(chunksOf(answer)).rejects.toMatchObject({ code: 'provider_error', again: false });
  });

  test('that stall are given up', async () => {
    server.answer((_call, response) => {
      response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
      response.write(bytes.subarray(0, 300));
    });
    const answer = await ask(undefined, { stream: true }, { idle_timeout_ms: 200 });

    await expect(chunksOf(answer)).rejects.toMatchObject({ code: 'provider_timeout' });
  });
});

describe('failures', () => {
  test.each([
    [
      400,
      'ValidationException',
      { code: 'provider_rejected', again: false, message: expect.stringContaining('too long') },
    ],
    [404, 'ResourceNotFoundException', { code: 'provider_rejected' }],
    [
      403,
      'AccessDeniedException',
      { code: 'provider_auth_error', message: expect.not.stringContaining('too long') },
    ],
    [429, 'ThrottlingException', { code: 'provider_rate_limited', again: true }],
    [408, 'ModelTimeoutException', { code: 'provider_timeout' }],
    [424, 'ModelErrorException', { code: 'provider_error', again: true }],
    [500, 'InternalServerException', { code: 'provider_error', again: true }],
    [503, 'ServiceUnavailableException', { code: 'provider_error', again: true }],
  ])('%i %s', async (status, type, expected) => {
    server.answer((_call, response) =>
      json(response, status, { message: 'Input is too long' }, { 'x-amzn-errortype': type }),
    );

    await expect(ask()).rejects.toMatchObject(expected);
    expect(server.calls).toHaveLength(1);
  });

  test('nobody answers', async () => {
    await expect(ask(undefined, { baseUrl: 'http://127.0.0.1:9' })).rejects.toMatchObject({
      code: 'provider_error',
      again: true,
    });
  });

  test('the first byte is late', async () => {
    server.answer(() => undefined);

    await expect(ask(undefined, {}, { timeout_ms: 150 })).rejects.toMatchObject({ code: 'provider_timeout' });
  });

  test('an operation that the wire does not have', async () => {
    await expect(ask({}, { operation: 'speech' })).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('embeddings', () => {
  const embed = (input: Json, provider_model: string, more: JsonObject = {}) =>
    ask({ input, ...more }, { operation: 'embeddings' }, { provider_model });

  test('of Titan are asked one by one and come in order', async () => {
    server.answer((call, response) =>
      json(response, 200, { embedding: [String(call.body['inputText']).length], inputTextTokenCount: 4 }),
    );

    expect(
      await embed(['a', 'bb', 'ccc', 'dddd', 'eeeee'], 'amazon.titan-embed-text-v2:0', { dimensions: 256 }),
    ).toMatchObject({
      body: {
        data: [1, 2, 3, 4, 5].map((length, index) => ({ index, embedding: [length] })),
        usage: { prompt_tokens: 20 },
      },
    });
    expect(server.calls.every(({ body }) => body['dimensions'] === 256)).toBe(true);
  });

  test('of Cohere are asked at once and counted by the response header', async () => {
    server.answer((_call, response) =>
      json(response, 200, recorded('bedrock/cohere-embedding.json'), {
        'x-amzn-bedrock-input-token-count': '7',
      }),
    );

    expect(await embed(['a', 'b'], 'cohere.embed-multilingual-v3')).toMatchObject({
      body: { data: [{ embedding: [0.5, 0.25] }, { embedding: [0.125, -1] }], usage: { prompt_tokens: 7 } },
    });
    expect(server.calls[0]?.body).toMatchObject({ texts: ['a', 'b'], input_type: 'search_document' });
  });

  test.each([
    [[[1, 2]], 'amazon.titan-embed-text-v2:0'],
    ['x', CLAUDE],
    [Array.from({ length: 97 }, () => 'x'), 'cohere.embed-v4:0'],
  ])('that cannot be made are refused', async (input, model) => {
    await expect(embed(input, model)).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
