import { expect, test } from '@jest/globals';
import { azureOpenai } from '#providers/azure-openai.ts';
import { ask, chunksOf, json, messageOf, recorded } from './ask.ts';

const resource = { provider: 'azure-openai', vendor: 'azure-openai' } as const;
const target = { ...resource, base_url: 'https://r.openai.azure.com', provider_model: 'gpt-4o' };
const answer = { pieces: [recorded('azure-openai/answer.json')] };
const streamed = (name: string) => ({
  type: 'text/event-stream',
  pieces: [recorded(`azure-openai/${name}`)],
});

test.each([
  [{}, 'https://r.openai.azure.com/openai/v1/chat/completions', 'gpt-4o'],
  [
    { base_url: 'https://r.openai.azure.com/openai/v1' },
    'https://r.openai.azure.com/openai/v1/chat/completions',
    'gpt-4o',
  ],
  [{ deployment: 'main chat' }, 'https://r.openai.azure.com/openai/v1/chat/completions', 'main chat'],
  [
    { deployment: 'main chat', api_version: '2024-10-21' },
    'https://r.openai.azure.com/openai/deployments/main%20chat/chat/completions?api-version=2024-10-21',
    'main chat',
  ],
])('a target %j is asked at its own address', async (more, url, model) => {
  const { sent } = await ask(azureOpenai, { target: { ...target, ...more } }, answer);

  expect([sent.url, sent.body['model']]).toEqual([url, model]);
});

test('the key travels in the header api-key only', async () => {
  const { sent } = await ask(azureOpenai, { target }, answer);

  expect(sent.headers.get('api-key')).toBe('secret-key');
  expect(sent.headers.get('authorization')).toBeNull();
});

test('usage is asked for in streams from the version on that knows how', async () => {
  const asked = async (api_version: string) => {
    const question = { target: { ...target, api_version }, stream: true };
    const { sent } = await ask(azureOpenai, question, streamed('filtered-stream.sse'));
    return sent.body['stream_options'];
  };

  expect(await asked('2024-02-01')).toBeUndefined();
  expect(await asked('2024-10-21')).toEqual({ include_usage: true });
});

test('a first chunk without choices is no answer and no error', async () => {
  const { answer } = await ask(azureOpenai, { target, stream: true }, streamed('tools-stream.sse'));

  expect(messageOf(await chunksOf(answer))).toMatchObject({
    calls: [{ id: 'call_a1', name: 'get_weather', arguments: '{"city":"Köln"}' }],
    finish: 'tool_calls',
    usage: { prompt_tokens: 80 },
  });
});

test('an answer cut by the content filter says so', async () => {
  const { answer } = await ask(azureOpenai, { target, stream: true }, streamed('filtered-stream.sse'));

  expect(messageOf(await chunksOf(answer))).toMatchObject({
    content: 'It begins ',
    finish: 'content_filter',
  });
});

test('a prompt refused by the content filter is a failure of its own that nobody tries again', async () => {
  const refused = ask(
    azureOpenai,
    { target },
    { status: 400, pieces: [recorded('azure-openai/prompt-filtered.json')] },
  );

  await expect(refused).rejects.toMatchObject({ code: 'content_filter', status: 400, again: false });
});

test('an operation the resource does not serve is refused before it is asked', async () => {
  const rerank = ask(azureOpenai, { target, call: { operation: 'rerank' } }, answer);

  await expect(rerank).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringContaining('rerank'),
  });
});

test('embeddings have a path of their own and no stream', async () => {
  const vectors = json({ object: 'list', data: [], usage: { prompt_tokens: 3, total_tokens: 3 } });
  const question = { target, body: { input: 'x' }, call: { operation: 'embeddings' as const } };
  const { sent, answer } = await ask(azureOpenai, question, vectors);

  expect(sent.url).toBe('https://r.openai.azure.com/openai/v1/embeddings');
  expect(sent.body).toEqual({ input: 'x', model: 'gpt-4o' });
  expect(answer).toMatchObject({ kind: 'whole', body: { usage: { prompt_tokens: 3 } } });
});
