import { expect } from '@jest/globals';
import { json, USAGE } from '../support/upstream.ts';
import { difyCase } from './doors.ts';

const vector = {
  object: 'list',
  data: [{ object: 'embedding', index: 0, embedding: [0.5] }],
  model: 'm',
  usage: USAGE,
};
const forbidden = /thinking|budget_tokens|integer_below_min_value/;

difyCase(1, 'the ping of the form is answered as a chat completion', async ({ gateway, dify }) => {
  expect(await dify.validate()).toBeUndefined();
  const response = await gateway.post({
    model: 'gpt-4o',
    max_tokens: 5,
    messages: [{ role: 'user', content: 'ping' }],
  });
  expect(await response.json()).toMatchObject({
    object: 'chat.completion',
    choices: [{ index: 0 }],
    usage: { prompt_tokens: expect.any(Number), completion_tokens: expect.any(Number) },
  });
});

difyCase(2, 'a streamed ping survives that Dify hangs up at once', async ({ gateway, dify }) => {
  expect(await dify.validate({ stream: true })).toBeUndefined();
  const [event] = await gateway.stored(1);
  expect(event).toMatchObject({ validation: true, http_status: 200 });
  expect(gateway.lines.filter(({ fields }) => fields['error'] === 'internal_error')).toEqual([]);
});

difyCase(3, 'the ping of mode completion is answered as a text completion', async ({ gateway, as }) => {
  gateway.upstream.answer((_call, response) =>
    json(response, 200, {
      object: 'text_completion',
      choices: [{ index: 0, text: 'pong', finish_reason: 'stop' }],
      usage: USAGE,
    }),
  );
  expect(await as({ mode: 'completion' }).validate()).toBeUndefined();
});

difyCase(4, 'the openai client pings with max_completion_tokens', async ({ gateway, as }) => {
  const messages = [{ role: 'user', content: 'ping' }] as const;
  const answer = await gateway.client.chat.completions.create({
    model: 'gpt-4o',
    messages: [...messages],
    max_completion_tokens: 16,
    stream: false,
  });
  expect(answer.choices[0]?.message.content).toBe('Hello from upstream.');
  expect(await as({ token_param_name: 'max_completion_tokens' }).validate()).toBeUndefined();
  expect((await gateway.stored(2)).map(({ validation }) => validation)).toEqual([true, true]);
});

difyCase(5, 'a wrong key is told as one, with no word that makes Dify ask again', async ({ as, gateway }) => {
  const began = Date.now();
  const said = await as({ api_key: 'kt_live_wrong' }).validate();
  expect(Date.now() - began).toBeLessThan(1000);
  expect(said).toMatch(/status code 401.*"type":"invalid_request_error".*"code":"invalid_api_key"/);
  expect(said).not.toMatch(forbidden);
  expect(gateway.upstream.calls).toEqual([]);
});

difyCase(6, 'a missing key is told in JSON', async ({ as }) => {
  expect(await as({ api_key: '' }).validate()).toMatch(
    /status code 401 and response body \{"error":\{"message":".*key/i,
  );
});

difyCase(7, 'an unknown model is told with the allowed ones', async ({ as }) => {
  expect(await as({ model: 'gpt-9' }).validate()).toMatch(
    /status code 404.*gpt-4o.*"code":"model_not_allowed"/,
  );
});

difyCase(8, 'the ping passes the default policies, metered as validation', async ({ gateway, dify }) => {
  expect(await dify.validate()).toBeUndefined();
  const [event] = await gateway.stored(1);
  expect(event).toMatchObject({ validation: true, verdict: 'allowed', type: 'request.completed' });
  expect(event?.policies.every(({ action }) => action === 'allow')).toBe(true);
});

difyCase(9, 'an embedding model is validated with ["ping"]', async ({ gateway, dify }) => {
  gateway.upstream.answer((_call, response) => json(response, 200, vector));
  expect(await dify.embed(['ping'])).toEqual({ vectors: [[0.5]], error: undefined });
  expect(await (await dify.post('embeddings', { model: 'gpt-4o', input: ['ping'] })).json()).toMatchObject({
    data: [{ embedding: [0.5] }],
    model: 'm',
    usage: { prompt_tokens: 20 },
  });
});

difyCase(10, 'a rerank model is validated with three documents', async ({ gateway, dify }) => {
  const results = [2, 0, 1].map((index) => ({ index, relevance_score: 1 - index / 10 }));
  gateway.upstream.answer((_call, response) => json(response, 200, { results }));
  const documents = [
    'Carson City is the capital of Nevada.',
    'Saipan is a capital.',
    'Washington, D.C. is the capital.',
  ];
  expect(await dify.rerank('What is the capital of the United States?', documents)).toEqual({
    results,
    error: undefined,
  });
});

difyCase(11, 'a speech-to-text model is validated with 219 kB of audio', async ({ gateway }) => {
  gateway.upstream.answer((_call, response) => json(response, 200, { text: 'hello' }));
  const form = new FormData();
  for (const [name, value] of [
    ['model', 'gpt-4o'],
    ['language', 'en'],
    ['prompt', ''],
  ] as const)
    form.append(name, value);
  form.append('file', new Blob([new Uint8Array(219_000)]), 'audio.mp3');
  const headers = { authorization: `Bearer ${gateway.apiKey}` };
  const response = await fetch(`${gateway.url}/v1/audio/transcriptions`, {
    method: 'POST',
    headers,
    body: form,
  });
  expect([response.status, await response.json()]).toMatchObject([200, { text: 'hello' }]);
});

difyCase(12, 'a text-to-speech model is validated with its first bytes', async ({ gateway, dify }) => {
  gateway.upstream.answer((_call, response) => {
    response.writeHead(200, { 'content-type': 'audio/mpeg' });
    response.end('ID3audio');
  });
  const response = await dify.post('audio/speech', {
    model: 'gpt-4o',
    input: 'Test.',
    voice: 'alloy',
    response_format: 'mp3',
  });
  expect([response.status, await response.text()]).toEqual([200, 'ID3audio']);
});
