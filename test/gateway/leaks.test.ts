import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chat, readStream, startGateway, type TestGateway } from '../support/gateway.ts';
import { json, streamChunks, USAGE } from '../support/upstream.ts';

const PACK = `
pack: { name: leaks, version: "1.0" }
providers: [{ name: openai, model: gpt-4o, secret_key_ref: { env: OPENAI_API_KEY } }]
policies: { chain: [pii-detector, dlp-filter] }
`;
/** Put together here, so that no scanner takes this file for a leak. */
const SECRET = ['ghp', '_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO', '0pINUx'].join('');
const SENTENCE = `The deploy token is ${SECRET}, keep it safe.`;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ pack: PACK });
});
afterAll(() => gateway.close());

const cuts = Array.from({ length: SENTENCE.length - 1 }, (_, i) => [
  SENTENCE.slice(0, i + 1),
  SENTENCE.slice(i + 1),
]);

async function streamed(
  delta: (text: string) => object,
  pieces: readonly string[],
): ReturnType<typeof readStream> {
  gateway.upstream.answer((_call, response) =>
    streamChunks(
      response,
      pieces.map((piece) => ({ choices: [{ index: 0, delta: delta(piece), finish_reason: null }] })),
    ),
  );
  return readStream(await gateway.post(chat('token?', { stream: true })));
}

test('a secret in the answer never reaches the client, wherever the stream is cut', async () => {
  for (const pieces of [...cuts, [...SENTENCE]]) {
    const { raw, text } = await streamed((content) => ({ content }), pieces);
    expect(text).toMatch(/^The deploy token is <SECRET_[a-z2-7]{6}>, keep it safe\.$/);
    expect(raw).not.toContain(SECRET.slice(4, 16));
  }
});

test.each([
  ['reasoning', (text: string) => ({ reasoning_content: text })],
  ['a refusal', (text: string) => ({ refusal: text })],
  [
    'tool arguments',
    (text: string) => ({ tool_calls: [{ index: 0, id: 'call_1', function: { name: '', arguments: text } }] }),
  ],
])('neither in %s', async (_name, delta) => {
  for (const pieces of cuts.filter((_, i) => i % 7 === 0)) {
    expect((await streamed(delta, pieces)).raw).not.toContain(SECRET.slice(4, 16));
  }
});

test('a secret escaped inside JSON arguments is found', async () => {
  const escaped = [...SECRET]
    .map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
  const { raw } = await streamed(
    (text) => ({ tool_calls: [{ index: 0, id: 'call_1', function: { name: 'f', arguments: text } }] }),
    [`{"k":"${escaped}"}`],
  );

  expect(raw).not.toContain(escaped.slice(0, 60).replaceAll('\\', '\\\\'));
  expect(raw).not.toContain(SECRET.slice(4, 16));
});

test('a secret in an unstreamed answer is redacted, in every choice', async () => {
  const choices = [0, 1, 2, 3].map((index) => ({
    index,
    message: { role: 'assistant', content: SENTENCE },
    finish_reason: 'stop',
  }));
  gateway.upstream.answer((_call, response) => json(response, 200, { choices, usage: USAGE }));

  const text = await (await gateway.post(chat('token?', { n: 4 }))).text();

  expect(text).not.toContain(SECRET.slice(4, 16));
  expect(JSON.parse(text).choices).toHaveLength(4);
});

test('no event or log line holds what was redacted', () => {
  expect(JSON.stringify([gateway.events, gateway.lines])).not.toContain(SECRET.slice(4, 16));
  expect(gateway.events.length).toBeGreaterThan(50);
});
