import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { json, type Script } from '../../support/upstream.ts';

/** Routes whose answers hold no text: embeddings, rerank, moderations. */

const MODELS = ['gpt-4o', 'text-embedding-3-small', 'jina-reranker', 'omni-moderation-latest'];
const PACK = `
pack: { name: routes, version: "1.0" }
providers:
${MODELS.map((model) => `  - { name: openai, model: ${model}, secret_key_ref: { env: OPENAI_API_KEY } }`).join('\n')}
policies: { chain: [prompt-injection, pii-detector, safety-filter, dlp-filter] }
policy:
  prompt-injection: { action: block }
  pii-detector: { action: redact }
`;

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway({ pack: PACK });
});
afterEach(() => gateway.close());

const answers =
  (body: object): Script =>
  (_call, response) =>
    json(response, 200, body);
const vectors = (...embeddings: unknown[]) => ({
  object: 'list',
  model: 'text-embedding-3-small',
  data: embeddings.map((embedding, index) => ({ object: 'embedding', index, embedding })),
  usage: { prompt_tokens: 6, total_tokens: 6 },
});

describe('embeddings', () => {
  const ask = { model: 'text-embedding-3-small', input: ['one text', 'another'] };

  test('the official client gets the vectors it asked for and the event the tokens', async () => {
    gateway.upstream.answer(answers(vectors([0.5, -1.25], [2, 3])));

    const { data, usage } = await gateway.client.embeddings.create(ask);

    expect(data.map(({ embedding }) => embedding)).toEqual([
      [0.5, -1.25],
      [2, 3],
    ]);
    expect(usage).toEqual({ prompt_tokens: 6, total_tokens: 6 });
    expect(gateway.upstream.calls[0]).toMatchObject({
      url: '/v1/embeddings',
      body: { ...ask, encoding_format: 'base64' },
    });
    expect((await gateway.stored(1))[0]).toMatchObject({
      type: 'request.completed',
      route: '/embeddings',
      model_used: 'text-embedding-3-small',
      usage: { input: 6, output: 0, source: 'provider' },
      cost: { micros: expect.any(Number) },
    });
  });

  test.each([
    ['float', [0.5, -1.25]],
    ['base64', 'AAAAPwAAoL8='],
  ])('come as %s when that was asked, whatever the provider sends', async (encoding_format, expected) => {
    for (const sent of [[0.5, -1.25], 'AAAAPwAAoL8=']) {
      gateway.upstream.answer(answers(vectors(sent)));

      const response = await gateway.post({ ...ask, input: 'one', encoding_format }, {}, '/v1/embeddings');

      expect(((await response.json()) as { data: object[] }).data).toEqual([
        { object: 'embedding', index: 0, embedding: expected },
      ]);
    }
  });

  test('of one text per request, as Dify sends them, are answered with the usage Dify reads', async () => {
    gateway.upstream.answer(answers({ data: [{ embedding: [1], index: 0 }], usage: { total_tokens: 4 } }));

    const response = await gateway.post({ ...ask, input: ['ping'] }, {}, '/embeddings');

    expect(await response.json()).toEqual({
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: [1] }],
      model: 'text-embedding-3-small',
      usage: { prompt_tokens: 4, total_tokens: 4 },
    });
    expect((await gateway.stored(1))[0]).toMatchObject({ validation: true, usage: { input: 4 } });
  });

  test('usage is an estimate and called so when the provider gives none', async () => {
    gateway.upstream.answer(answers({ data: [{ embedding: [1], index: 0 }] }));

    await gateway.post({ ...ask, input: 'six words to be counted here' }, {}, '/v1/embeddings');

    expect((await gateway.stored(1))[0]?.usage).toMatchObject({ input: 6, source: 'estimated' });
  });

  test.each([
    ['too few vectors', vectors([1])],
    ['text for a vector', vectors([1], 'see below: it is a secret')],
    ['text in a vector', vectors([1], ['a', 'b'])],
    ['no list', { data: 'nothing' }],
  ])('an answer with %s is an error of the provider', async (_what, body) => {
    gateway.upstream.answer(answers(body));

    const response = await gateway.post(ask, {}, '/v1/embeddings');

    expect(response.status).toBe(502);
    expect(await response.text()).not.toContain('secret');
  });
});

describe('rerank', () => {
  const ask = { model: 'jina-reranker', query: 'capital', documents: ['Paris', 'Rome'], top_n: 2 };
  const results = [
    { index: 1, relevance_score: 0.9, document: { text: 'planted by the provider' } },
    { index: 0, relevance_score: 0.1 },
  ];

  test('hands on indices and scores as Dify reads them', async () => {
    gateway.upstream.answer(answers({ model: 'jina-reranker', results, usage: { total_tokens: 12 } }));

    const response = await gateway.post(ask, {}, '/rerank');

    expect(await response.json()).toMatchObject({
      model: 'jina-reranker',
      results: [
        { index: 1, relevance_score: 0.9 },
        { index: 0, relevance_score: 0.1 },
      ],
      usage: { prompt_tokens: 12, total_tokens: 12 },
    });
    expect(gateway.upstream.calls[0]).toMatchObject({ url: '/v1/rerank', body: ask });
  });

  test('documents that are asked back are the ones of the request, as they were forwarded', async () => {
    gateway.upstream.answer(answers({ results }));

    const documents = ['Paris', 'Write to jane.roe@mail.example.org'];
    const response = await gateway.post({ ...ask, documents, return_documents: true }, {}, '/v1/rerank');

    const text = await response.text();
    expect(text).toMatch(/\{"text":"Write to \S*EMAIL\S*"\}/);
    expect(text).not.toMatch(/planted|jane\.roe/);
  });

  test.each([
    ['a document that was not sent', [{ index: 7, relevance_score: 1 }]],
    ['a score that is text', [{ index: 0, relevance_score: 'high' }]],
    ['no results', undefined],
  ])('an answer with %s is an error of the provider', async (_what, wrong) => {
    gateway.upstream.answer(answers({ results: wrong }));
    expect((await gateway.post(ask, {}, '/v1/rerank')).status).toBe(502);
  });
});

describe('moderations', () => {
  const result = {
    flagged: true,
    categories: { violence: true, 'self-harm/intent': false },
    category_scores: { violence: 0.97, 'self-harm/intent': 0.01 },
    category_applied_input_types: { violence: ['text'] },
  };

  test('the official client can have a violent text judged, with the default model', async () => {
    gateway.upstream.answer(answers({ id: 'modr-1', model: 'omni-moderation-2026', results: [result] }));

    const { results, model } = await gateway.client.moderations.create({
      input: 'How do I build a pipe bomb at home?',
    });

    expect(results).toEqual([result]);
    expect(model).toBe('omni-moderation-2026');
    expect(gateway.upstream.calls[0]).toMatchObject({
      url: '/v1/moderations',
      body: { model: 'omni-moderation-latest', input: 'How do I build a pipe bomb at home?' },
    });
  });

  test('personal data is redacted before the text is judged', async () => {
    gateway.upstream.answer(answers({ results: [result] }));
    await gateway.client.moderations.create({ input: ['Call jane.roe@mail.example.org a thief'] });
    expect(JSON.stringify(gateway.upstream.calls)).not.toContain('jane.roe');
  });

  test('nothing but categories, flags and scores is handed on', async () => {
    const planted = {
      ...result,
      note: 'planted here',
      categories: { violence: 'planted here', 'Planted Here!': true },
      category_applied_input_types: { violence: ['planted here'] },
    };
    gateway.upstream.answer(answers({ id: 'planted here', results: [planted], extra: 'planted here' }));

    const response = await gateway.post({ input: 'a text' }, {}, '/v1/moderations');

    expect(response.status).toBe(200);
    expect(await response.text()).not.toMatch(/planted/i);
  });

  test('an image is noted as unread on the event', async () => {
    gateway.upstream.answer(answers({ results: [result] }));
    const url = `data:image/png;base64,${btoa('x'.repeat(99))}`;

    await gateway.client.moderations.create({ input: [{ type: 'image_url', image_url: { url } }] });

    expect((await gateway.stored(1))[0]?.unscanned_parts).toEqual(['input[0] image_url']);
  });
});
