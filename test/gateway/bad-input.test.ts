import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { formatKey } from '#core/auth/app-key.ts';
import { chat, startGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

const nested = `{"model":"gpt-4o","messages":[{"role":"user","content":${'['.repeat(100_000)}`;
const big = JSON.stringify(chat('x'.repeat(7 * 1024 * 1024)));

test.each([
  ['not JSON', 'hello', 400, 'invalid_request'],
  ['an array', '[]', 400, 'invalid_request'],
  ['100,000 levels', nested, 400, 'invalid_request'],
  ['duplicate keys', '{"model":"gpt-4o","model":"x","messages":[]}', 400, 'invalid_request'],
  ['no messages', '{"model":"gpt-4o"}', 400, 'invalid_request'],
  ['no model', '{"messages":[{"role":"user","content":"x"}]}', 400, 'invalid_request'],
  ['7 MB', big, 413, 'request_too_large'],
  ['an unknown model', JSON.stringify({ ...chat('hi'), model: 'gpt-9' }), 404, 'model_not_allowed'],
])('%s is refused, recorded and not sent on', async (_name, body, status, code) => {
  const before = gateway.events.length;

  const response = await gateway.post(body);

  expect(response.status).toBe(status);
  expect(response.headers.get('x-should-retry')).toBe('false');
  const { error } = (await response.json()) as { error: { [name: string]: unknown } };
  expect(Object.keys(error)).toEqual(['message', 'type', 'param', 'code']);
  expect(error).toMatchObject({ type: 'invalid_request_error', code });
  await gateway.stored(before + 1);
  expect(gateway.events.at(-1)).toMatchObject({
    type: 'request.refused',
    error_code: code,
    http_status: status,
    app_id: 'hr-bot',
  });
  expect(gateway.upstream.calls).toHaveLength(0);
});

test('an unknown model is told which ones are allowed', async () => {
  const response = await gateway.post({ ...chat('hi'), model: 'gpt-9' });

  expect(((await response.json()) as { error: { message: string } }).error.message).toContain('gpt-4o');
});

test.each([
  ['no key', {}],
  ['an empty key', { authorization: '' }],
  ['a wrong key', { authorization: `Bearer ${formatKey(new Uint8Array(20))}` }],
  ['a malformed key', { authorization: 'Bearer kt_live_nonsense' }],
  ['another scheme', { authorization: 'Basic abc' }],
  ['two keys in one header', { authorization: 'Bearer a, Bearer b' }],
])('%s gives 401 in the OpenAI form', async (_name, headers) => {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: headers as Record<string, string>,
    body: JSON.stringify(chat('hi')),
  });

  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({
    error: { type: 'invalid_request_error', code: 'invalid_api_key' },
  });
});

test.each([
  ['GET', '/v1/chat/completions', 405, 'method_not_allowed'],
  ['DELETE', '/v1/models', 405, 'method_not_allowed'],
  ['POST', '/v1/nonsense', 404, 'not_found'],
  ['GET', '/', 404, 'not_found'],
  ['POST', '/v1/chat/completions/chat/completions', 404, 'not_found'],
])('%s %s gives %i', async (method, path, status, code) => {
  const response = await fetch(`${gateway.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${gateway.apiKey}` },
  });

  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { code } });
});

test.each([
  '/v1/chat/completions',
  '/chat/completions',
  '/v1/chat/completions/',
  '/a/hr-bot/v1/chat/completions',
])('%s is the same route', async (path) => {
  expect((await gateway.post(chat('hello'), {}, path)).status).toBe(200);
});

test('the path of another app is refused', async () => {
  const response = await gateway.post(chat('hello'), {}, '/a/other/v1/chat/completions');

  expect([response.status, await response.json()]).toMatchObject([403, { error: { code: 'scope_denied' } }]);
});

test('health needs no key and tells no secret', async () => {
  const response = await fetch(`${gateway.url}/keeptrusts/health`);

  expect(await response.json()).toMatchObject({
    status: 'ok',
    pack: { name: 'dify-gateway', version: '1.0', hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
});

test('models lists what the key may use', async () => {
  const page = await gateway.client.models.list();

  expect(page.data.map(({ id }) => id)).toEqual(['gpt-4o']);
});
