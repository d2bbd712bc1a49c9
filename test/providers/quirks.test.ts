import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '#core/json.ts';
import { endpointProblem } from '#core/net/endpoint.ts';
import { compilePack } from '#core/pack/compile.ts';
import { PROVIDER_PRESETS } from '#core/pack/provider-presets.ts';
import { catalogue } from '#policies/catalogue.ts';
import { openai } from '#providers/openai.ts';
import { ask, chunksOf, json, messageOf, recorded } from './ask.ts';

const PAGE = readFileSync('docs/providers.md', 'utf8');
const completion = json({ choices: [{ index: 0, message: { content: 'ok' }, finish_reason: 'stop' }] });
const asked = async (vendor: string, body: JsonObject, stream = false) =>
  (await ask(openai, { target: { vendor }, body, stream }, completion)).sent.body;

describe.each(Object.entries(PROVIDER_PRESETS))('the preset %s', (_name, { baseUrl }) => {
  test('has a base URL that the pack would accept, or none', () => {
    expect(baseUrl === undefined ? undefined : endpointProblem(baseUrl)).toBeUndefined();
    expect(baseUrl ?? '').not.toMatch(/\/$/);
  });
});

test.each(Object.entries(PROVIDER_PRESETS).filter(([, { kind, baseUrl }]) => kind === 'openai' && baseUrl))(
  'docs/providers.md says of %s what the code knows',
  (name, { baseUrl, quirks = {}, prices }) => {
    const row = PAGE.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? '';

    expect(row).toContain(`\`${baseUrl}\``);
    expect(row.includes('`max_tokens` only')).toBe(quirks.maxTokensOnly ?? false);
    expect(row.includes('no `developer`')).toBe(quirks.noDeveloperRole ?? false);
    expect(row.includes('no `stream_options`')).toBe(quirks.noStreamOptions ?? false);
    expect(row).toContain(prices ? '| yes |' : '| unknown |');
  },
);

test('the targets that docs/providers.md shows compile', () => {
  const shown = /```yaml\n(.*?)```/s.exec(PAGE)?.[1] ?? '';
  const rest = 'pack: { name: p, version: "1" }\npolicies: { chain: [pii-detector] }\n';
  const compiled = compilePack(`${rest}${shown}`, 'docs/providers.md', catalogue);

  expect(compiled).not.toHaveProperty('problems');
  expect('pack' in compiled && compiled.pack.targets.map(({ provider }) => provider)).toEqual([
    'openai',
    'openai',
    'azure-openai',
    'anthropic',
    'bedrock',
    'bedrock',
  ]);
});

test('a limit is never sent in a word the provider would ignore', async () => {
  const body = { messages: [], max_completion_tokens: 50 };

  expect(await asked('ollama', body)).toMatchObject({ max_tokens: 50 });
  expect(await asked('ollama', body)).not.toHaveProperty('max_completion_tokens');
  expect(await asked('openai', body)).toMatchObject({ max_completion_tokens: 50 });
});

test('stream_options go only where they are known', async () => {
  expect(await asked('mistral', { messages: [] }, true)).not.toHaveProperty('stream_options');
  expect(await asked('groq', { messages: [] }, true)).toMatchObject({
    stream_options: { include_usage: true },
  });
});

test('developer instructions are system instructions where the word is not known', async () => {
  const body = { messages: [{ role: 'developer', content: 'be brief' }] };

  expect(await asked('deepseek', body)).toMatchObject({
    messages: [{ role: 'system', content: 'be brief' }],
  });
  expect(await asked('openai', body)).toMatchObject({ messages: [{ role: 'developer' }] });
});

test.each([
  ['groq', 'groq-stream.sse', 45],
  ['moonshot', 'moonshot-stream.sse', 23],
])('usage that %s hides elsewhere in a stream is found', async (vendor, file, total) => {
  const reply = { type: 'text/event-stream', pieces: [recorded(`openai/${file}`)] };
  const { answer } = await ask(openai, { target: { vendor }, stream: true }, reply);

  expect(messageOf(await chunksOf(answer))).toMatchObject({ finish: 'stop', usage: { total_tokens: total } });
});

test.each([
  ['an object', { error: { message: 'no such model' } }],
  ['a text', { error: 'no such model' }],
  ['bare fields', { object: 'error', message: 'no such model', code: 1500 }],
])('the reason of a refusal is read from %s', async (_shape, body) => {
  const refused = ask(openai, { target: {} }, json(body, { status: 422 }));

  await expect(refused).rejects.toMatchObject({
    code: 'provider_rejected',
    message: expect.stringContaining('no such model'),
  });
});
