import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { bedrockRuntime } from '#aws/bedrock-runtime.ts';
import { recorded } from '../providers/ask.ts';
import { type BedrockServer, eventStream, events, json, startBedrock } from '../providers/bedrock-server.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

let server: BedrockServer;
let gateway: TestGateway;

beforeEach(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDTEST';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
  server = await startBedrock();
  const pack = `
pack: { name: failures, version: "1" }
providers:
  - { name: azure-openai, model: azure-openai, base_url: "${server.url}", secret_key_ref: { env: K } }
  - { name: anthropic, model: anthropic, base_url: "${server.url}/v1", secret_key_ref: { env: K } }
  - { name: bedrock, model: bedrock, region: eu-central-1, base_url: "${server.url}" }
policies: { chain: [pii-detector] }
`;
  gateway = await startGateway({ pack, ports: { bedrock: bedrockRuntime() } });
});
afterEach(async () => {
  await gateway.close();
  await server.close();
});

async function told(model: string, more: object = {}) {
  const response = await gateway.post({ model, messages: [{ role: 'user', content: 'hello' }], ...more });
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  const [event] = await gateway.stored(1);
  return {
    status: response.status,
    code: error.code,
    message: error.message,
    event,
    calls: server.calls.length,
  };
}

test('a prompt that Azure’s filter refuses is refused with Azure’s code, and nobody tries again', async () => {
  server.answer((_call, response) => json(response, 400, recorded('azure-openai/prompt-filtered.json')));

  expect(await told('azure-openai')).toMatchObject({ status: 400, code: 'content_filter', calls: 1 });
});

test('an overloaded Anthropic is asked twice, also when it says so inside a stream', async () => {
  server.answer((_call, response) => json(response, 529, recorded('anthropic/overloaded.json')));
  expect(await told('anthropic')).toMatchObject({ status: 502, code: 'provider_error', calls: 2 });

  server.answer((_call, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(recorded('anthropic/overloaded-stream.sse'));
  });
  expect(await told('anthropic', { stream: true })).toMatchObject({ status: 502, calls: 4 });
});

test('a role without permission is our trouble, and its name stays with us', async () => {
  const message = 'User: arn:aws:sts::123456789012:assumed-role/kt-gateway/x is not authorized';
  server.answer((_call, response) =>
    json(response, 403, { message }, { 'x-amzn-errortype': 'AccessDeniedException' }),
  );

  const answer = await told('bedrock');
  expect(answer).toMatchObject({ status: 502, code: 'provider_auth_error' });
  expect(JSON.stringify(answer)).not.toContain('123456789012');
});

test('a throttled Bedrock is a rate limit, whole or streamed', async () => {
  server.answer((_call, response) => events(response, [eventStream('throttled-stream.jsonl')]));

  expect(await told('bedrock', { stream: true })).toMatchObject({
    status: 429,
    code: 'provider_rate_limited',
  });
});

test('what a wire cannot say is refused before the provider is called, and recorded so', async () => {
  const answer = await told('anthropic', { n: 2 });

  expect(answer).toMatchObject({ status: 400, code: 'invalid_request', calls: 0 });
  expect(answer.message).toContain('"n" above 1');
  expect(answer.event).toMatchObject({ cost: { micros: 0 } });
});
