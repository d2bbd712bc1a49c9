import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { startGateway, type TestGateway } from '../../support/gateway.ts';

/** However a provider's stream is cut into pieces of bytes, the client gets the same answer as unstreamed. */

const SECRET = 'jane.roe@mail.example.org';
const TEXT = `Füße 👍 and more: write to ${SECRET} today, please.`;
const HEAD = { id: 'up', model: 'gpt-4o', object: 'x' };
const USAGE = { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 };
const frame = (value: object) => `data: ${JSON.stringify({ ...HEAD, ...value })}\n\n`;

interface Format {
  readonly path: string;
  readonly ask: object;
  /** The provider's answer, whole and streamed in these pieces. */
  whole: object;
  chunk(piece: string): object;
  /** What a reader of the route's own format has in the end. */
  readWhole(answer: never): string;
  readFrames(frames: never[]): string;
}

type Choice = { text: string; message: { content: string }; delta: { content?: string } };
const completion = (choice: object) => ({
  ...HEAD,
  choices: [{ index: 0, ...choice, finish_reason: 'stop' }],
  usage: USAGE,
});
const chunk = (choice: object) => ({ choices: [{ index: 0, ...choice, finish_reason: null }] });
const chatAnswer = {
  whole: completion({ message: { role: 'assistant', content: TEXT } }),
  chunk: (content: string) => chunk({ delta: { content } }),
};

const FORMATS: readonly Format[] = [
  {
    path: '/chat/completions',
    ask: { messages: [{ role: 'user', content: 'Please go on.' }] },
    ...chatAnswer,
    readWhole: (answer: { choices: [Choice] }) => answer.choices[0].message.content,
    readFrames: (frames: { choices: Choice[] }[]) =>
      frames.map(({ choices }) => choices[0]?.delta.content ?? '').join(''),
  },
  {
    path: '/completions',
    ask: { prompt: 'Please go on.' },
    whole: completion({ text: TEXT }),
    chunk: (text: string) => chunk({ text }),
    readWhole: (answer: { choices: [Choice] }) => answer.choices[0].text,
    readFrames: (frames: { choices: Choice[] }[]) =>
      frames.map(({ choices }) => choices[0]?.text ?? '').join(''),
  },
  {
    path: '/responses',
    ask: { input: 'Please go on.' },
    ...chatAnswer,
    readWhole: (answer: { output: [{ content: [{ text: string }] }] }) => answer.output[0].content[0].text,
    readFrames: (frames: { type: string; delta: string; response: never }[]) => {
      const deltas = frames.filter(({ type }) => type === 'response.output_text.delta');
      const text = deltas.map(({ delta }) => delta).join('');
      // The final object repeats what the deltas said.
      const last = frames.at(-1)?.response as unknown as { output: [{ content: [{ text: string }] }] };
      return last.output[0].content[0].text === text ? text : 'the end differs';
    },
  },
];

let gateway: TestGateway;
let provider: () => Response;
beforeAll(async () => {
  gateway = await startGateway({ ports: { fetch: async () => provider() } });
});
afterAll(() => gateway.close());

function streams(bytes: Uint8Array, cuts: readonly number[]): Response {
  const ends = [...new Set([...cuts, bytes.length])].sort((a, b) => a - b);
  let start = 0;
  const body = new ReadableStream({
    pull(controller) {
      const end = ends.shift();
      if (end === undefined) return controller.close();
      if (end > start) controller.enqueue(bytes.slice(start, end));
      else controller.enqueue(new Uint8Array());
      start = end;
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

async function ask({ path, ask: more }: Format, stream: boolean): Promise<string> {
  return (await gateway.post({ model: 'gpt-4o', ...more, stream }, {}, path)).text();
}

describe.each(FORMATS)('$path', (format) => {
  const reads = async (response: Response): Promise<string> => {
    provider = () => response;
    const raw = await ask(format, true);
    const blocks = raw.split('\n').filter((line) => line.startsWith('data: {'));
    return format.readFrames(blocks.map((line) => JSON.parse(line.slice(6))) as never[]);
  };

  test('gives the same text for every cut of the provider’s bytes and of its deltas', async () => {
    provider = () => Response.json(format.whole);
    const expected = format.readWhole(JSON.parse(await ask(format, false)) as never);
    expect(expected).toMatch(/^Füße 👍 and more: write to (?!jane)\S+ today, please\.$/);

    const characters = [...TEXT];
    const places = fc.array(fc.nat(characters.length), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(places, fc.array(fc.nat(4000), { maxLength: 40 }), async (deltas, cuts) => {
        const ends = [...new Set([0, ...deltas, characters.length])].sort((a, b) => a - b);
        const pieces = ends.slice(1).map((end, i) => characters.slice(ends[i], end).join(''));
        const wire = [
          ...pieces.map((piece) => frame(format.chunk(piece))),
          frame(completion({ delta: {}, text: '' })),
        ];
        const bytes = new TextEncoder().encode(`${wire.join('')}data: [DONE]\n\n`);
        expect(
          await reads(
            streams(
              bytes,
              cuts.filter((cut) => cut < bytes.length),
            ),
          ),
        ).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });
});
