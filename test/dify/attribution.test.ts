import { expect } from '@jest/globals';
import { formatKey, hashKey } from '#core/auth/app-key.ts';
import type { App, AppKey } from '#core/ports.ts';
import { chat, type TestOptions } from '../support/gateway.ts';
import { json, USAGE } from '../support/upstream.ts';
import { difyCase } from './doors.ts';

const user = [{ role: 'user', content: 'hi' }];

const [first, second] = [1, 2].map((fill) => formatKey(new Uint8Array(20).fill(fill)));
const twoApps = (): TestOptions => ({
  ports: {
    keys: {
      findKey: async (hash) => {
        const id =
          hash === hashKey(first ?? '') ? 'app-one' : hash === hashKey(second ?? '') ? 'app-two' : undefined;
        if (!id) return undefined;
        const app: App = { id, name: id };
        const key: AppKey = {
          id: `key-${id}`,
          appId: id,
          prefix: 'kt_live_x',
          name: id,
          createdAt: '2026-01-01T00:00:00.000Z',
        };
        return { key, app };
      },
      findToken: async () => undefined,
      appOfDify: async () => undefined,
    },
  },
});
difyCase(
  66,
  'two model entries of one model with two keys are two lines of cost',
  async ({ gateway, as }) => {
    for (const [model, api_key] of [
      ['gpt-4o@one', first],
      ['gpt-4o@two', second],
    ] as const)
      await as({ model, endpoint_model_name: 'gpt-4o', api_key: api_key ?? '' }).invoke('hi');
    const events = await gateway.stored(2);
    expect(events.map(({ app_id, key_id, model_requested }) => [app_id, key_id, model_requested])).toEqual([
      ['app-one', 'key-app-one', 'gpt-4o'],
      ['app-two', 'key-app-two', 'gpt-4o'],
    ]);
    for (const { cost, cost_tags, app_id } of events) {
      expect(cost.micros).toBeGreaterThan(0);
      expect(cost_tags['app']).toBe(app_id);
    }
  },
  twoApps,
);

difyCase(67, "the header of Dify's app is recorded as a claim, cut and cleaned", async ({ gateway }) => {
  await (
    await gateway.post(chat('hi'), { 'x-dify-app-id': `a b\t${'x'.repeat(400)}`, 'x-dify-source': 'dify' })
  ).text();
  const [event] = await gateway.stored(1);
  expect(event?.claims?.['dify_app_id']).toMatch(/^a_b_x{200,252}$/);
  expect(event?.app_id).toBe('hr-bot');
});

difyCase(68, 'the metadata of Dify is recorded and goes no further', async ({ gateway, dify }) => {
  const params = { metadata: { dify_app_id: 'app-42', dify_source: 'dify' }, store: true };
  await dify.invoke({ messages: user, stream: true, params });
  expect((await gateway.stored(1))[0]?.claims).toMatchObject({ dify_app_id: 'app-42' });
  expect(gateway.upstream.calls[0]?.body).not.toHaveProperty('metadata');
  expect(gateway.upstream.calls[0]?.body).not.toHaveProperty('store');
});

difyCase(69, 'who pays is decided by the key, whatever a claim says', async ({ gateway, dify }) => {
  const params = { metadata: { dify_app_id: 'somebody-else' } };
  await dify.invoke({ messages: user, stream: true, params, user: 'somebody-else' });
  const [event] = await gateway.stored(1);
  expect(event).toMatchObject({
    app_id: 'hr-bot',
    claims: { dify_app_id: 'somebody-else' },
    cost_tags: { app: 'hr-bot' },
  });
});

difyCase(70, 'embeddings, rankings and audio belong to the app of the key', async ({ gateway, dify }) => {
  gateway.upstream.answer(({ url }, response) => {
    if (url.endsWith('/speech'))
      return void response.writeHead(200, { 'content-type': 'audio/mpeg' }).end('ID3');
    return json(response, 200, {
      text: 'hi',
      data: [{ index: 0, embedding: [1] }],
      results: [{ index: 0, relevance_score: 1 }],
      usage: USAGE,
    });
  });
  await dify.embed(['hi']);
  await dify.rerank('hi', ['a']);
  await (await dify.post('audio/speech', { model: 'gpt-4o', input: 'hi', voice: 'alloy' })).text();
  const form = new FormData();
  form.append('model', 'gpt-4o');
  form.append('file', new Blob(['audio']), 'a.mp3');
  const headers = { authorization: `Bearer ${gateway.apiKey}` };
  await (
    await fetch(`${gateway.url}/v1/audio/transcriptions`, { method: 'POST', headers, body: form })
  ).text();
  const events = await gateway.stored(4);
  expect(events.map(({ app_id, key_id }) => [app_id, key_id])).toEqual(Array(4).fill(['hr-bot', 'key_1']));
});

difyCase(71, 'the gateway knows the cost of what Dify counts as 0', async ({ gateway, dify }) => {
  const { usage } = await dify.invoke('hi');
  const [event] = await gateway.stored(1);
  expect(event?.usage).toMatchObject({
    input: usage?.prompt_tokens,
    output: usage?.completion_tokens,
    source: 'provider',
  });
  // 20 tokens at $2.50 and 10 at $10 per million.
  expect(event?.cost.micros).toBe(150);
});
