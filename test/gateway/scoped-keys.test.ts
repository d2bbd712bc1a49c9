import { afterEach, expect, test } from '@jest/globals';
import { SCOPED_ROUTES } from '#core/auth/scoped-routes.ts';
import { MODERATION } from '#gateway/dify/moderation-words.ts';
import { MODEL_ROUTES } from '#gateway/model-routes/catalogue.ts';
import { chat, startGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
afterEach(() => gateway?.close());

test('a key can be limited to every route that judges text, and to no other', async () => {
  gateway = await startGateway();
  const judged = [...MODEL_ROUTES, MODERATION].map(({ path }) => path);

  expect([...SCOPED_ROUTES].sort()).toEqual(judged.sort());
});

test.each(['/chat/completions', '/v1/chat/completions', 'chat/completions/'])(
  'a key for %s alone calls that route, and may look up its models and its usage',
  async (route) => {
    gateway = await startGateway({ key: { routes: [route] } });
    const get = (path: string) =>
      fetch(`${gateway.url}${path}`, { headers: { authorization: `Bearer ${gateway.apiKey}` } });

    const called = await gateway.post(chat('hello'));
    const refused = await gateway.post({ model: 'gpt-4o', input: 'hi' }, {}, '/v1/embeddings');

    expect(called.status).toBe(200);
    expect(await refused.json()).toMatchObject({ error: { code: 'scope_denied' } });
    expect((await get('/v1/models')).status).toBe(200);
    expect((await get('/keeptrusts/usage')).status).not.toBe(403);
    expect(gateway.upstream.calls).toHaveLength(1);
  },
);
