import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bedrockRuntime } from '#aws/bedrock-runtime.ts';
import type { JsonObject } from '#core/json.ts';
import { anthropic } from '#providers/anthropic.ts';
import { ask, chunksOf, messageOf, recorded } from '../providers/ask.ts';
import type { BedrockServer } from '../providers/bedrock-server.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { CLIENTS } from './clients.ts';
import { DIALECTS, type DialectName, startWeather, TOOL_RESULT } from './weather-server.ts';

const servers = new Map<DialectName, BedrockServer>();
let gateway: TestGateway;

const urlOf = (dialect: DialectName) => servers.get(dialect)?.url ?? '';

beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDTEST';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
  for (const dialect of DIALECTS) servers.set(dialect, await startWeather(dialect));
  const pack = `
pack: { name: interop, version: "1" }
providers:
  - { name: openai-compatible, model: openai, base_url: "${urlOf('openai')}/v1", secret_key_ref: { env: K } }
  - { name: azure-openai, model: azure-openai, base_url: "${urlOf('azure-openai')}", secret_key_ref: { env: K } }
  - { name: anthropic, model: anthropic, provider_model: claude-sonnet-4-5, base_url: "${urlOf('anthropic')}/v1", secret_key_ref: { env: K } }
  - { name: bedrock, model: bedrock, provider_model: "anthropic.claude-sonnet-4-5-20250929-v1:0", region: eu-central-1, base_url: "${urlOf('bedrock')}" }
policies: { chain: [prompt-injection, pii-detector] }
`;
  gateway = await startGateway({ pack, ports: { bedrock: bedrockRuntime() } });
});
afterAll(async () => {
  await gateway.close();
  for (const server of servers.values()) await server.close();
});

const MODEL = 'claude-opus-4-8';
const EXPECTED = { calls: [{ name: 'get_weather', input: { city: 'Köln' } }], text: 'It is 21 °C in Köln.' };

describe.each(DIALECTS)('a conversation with a tool, provider wire %s', (dialect) => {
  describe.each(Object.entries(CLIENTS))('%s', (_name, play) => {
    test.each([
      ['whole', false],
      ['streamed', true],
    ])('%s', async (_mode, streamed) => {
      const door = { baseURL: `${gateway.url}/v1`, apiKey: gateway.apiKey, model: dialect };
      const before = gateway.events.length;

      expect(await play(door, streamed)).toEqual(EXPECTED);
      const events = (await gateway.stored(before + 2)).slice(before);
      expect(events.map(({ usage }) => [usage.input, usage.output, usage.source])).toEqual([
        [60, 15, 'provider'],
        [90, 12, 'provider'],
      ]);
    });
  });
});

describe('the scripted Anthropic server', () => {
  const request = (messages: Anthropic.MessageParam[]) => ({
    model: MODEL,
    max_tokens: 99,
    messages,
  });
  const first = request([{ role: 'user', content: 'What is the weather in Köln?' }]);
  const second = request([{ role: 'user', content: TOOL_RESULT }]);

  test('speaks the wire that Anthropic’s own client reads', async () => {
    const client = new Anthropic({ apiKey: 'k', baseURL: urlOf('anthropic'), maxRetries: 0 });
    const called = [await client.messages.create(first), await client.messages.stream(first).finalMessage()];
    const said = [await client.messages.create(second), await client.messages.stream(second).finalMessage()];

    for (const { content, stop_reason, usage } of called) {
      expect(content).toMatchObject([{ type: 'tool_use', name: 'get_weather', input: { city: 'Köln' } }]);
      expect([stop_reason, usage.output_tokens]).toEqual(['tool_use', 15]);
    }
    for (const { content, stop_reason, usage } of said) {
      expect(content).toMatchObject([{ type: 'text', text: EXPECTED.text }]);
      expect([stop_reason, usage.output_tokens]).toEqual(['end_turn', 12]);
    }
  });
});

describe.each([['text-stream.sse'], ['tools-stream.sse'], ['weather-call.sse'], ['weather-final.sse']])(
  'the recorded %s',
  (file) => {
    test('says the same to Anthropic’s own client and to our dialect', async () => {
      const reply = { type: 'text/event-stream', pieces: [recorded(`anthropic/${file}`)] };
      const fetch = async () =>
        new Response(recorded(`anthropic/${file}`), { headers: { 'content-type': reply.type } });
      const client = new Anthropic({ apiKey: 'k', fetch, maxRetries: 0 });
      const theirs = await client.messages
        .stream({ model: MODEL, max_tokens: 99, messages: [] })
        .finalMessage();
      const ours = messageOf(
        await chunksOf((await ask(anthropic, { target: {}, stream: true }, reply)).answer),
      );

      const text = theirs.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
      const thought = theirs.content
        .map((block) => (block.type === 'thinking' ? block.thinking : ''))
        .join('');
      const calls = theirs.content.flatMap((block) => (block.type === 'tool_use' ? [block] : []));
      expect([ours['content'] ?? '', ours['reasoning_content'] ?? '']).toEqual([text, thought]);
      expect(inputsOf(ours)).toEqual(calls.map(({ id, name, input }) => ({ id, name, input })));
      expect(ours['usage']).toMatchObject({ completion_tokens: theirs.usage.output_tokens });
    });
  },
);

function inputsOf({ calls = [] }: JsonObject): unknown[] {
  return (calls as { id: string; name: string; arguments: string }[]).map(({ arguments: text, ...call }) => ({
    ...call,
    input: JSON.parse(text) as unknown,
  }));
}
