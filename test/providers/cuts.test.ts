import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '#core/json.ts';
import { anthropic } from '#providers/anthropic.ts';
import { azureOpenai } from '#providers/azure-openai.ts';
import { ProviderFailure } from '#providers/failure.ts';
import { openai } from '#providers/openai.ts';
import type { Dialect } from '#providers/provider.ts';
import { ask, chunksOf, messageOf, recorded } from './ask.ts';

const STREAMS: [string, Dialect][] = [
  ['openai/groq-stream.sse', openai],
  ['openai/moonshot-stream.sse', openai],
  ['azure-openai/tools-stream.sse', azureOpenai],
  ['azure-openai/filtered-stream.sse', azureOpenai],
  ['anthropic/text-stream.sse', anthropic],
  ['anthropic/tools-stream.sse', anthropic],
  ['openai/weather-call.sse', openai],
  ['openai/weather-final.sse', openai],
  ['azure-openai/weather-call.sse', azureOpenai],
  ['azure-openai/weather-final.sse', azureOpenai],
  ['anthropic/weather-call.sse', anthropic],
  ['anthropic/weather-final.sse', anthropic],
];

describe.each(STREAMS)('%s', (file, dialect) => {
  const bytes = recorded(file);
  const read = async (pieces: Uint8Array[], cut = false): Promise<JsonObject> => {
    const { answer } = await ask(
      dialect,
      { target: {}, stream: true },
      { type: 'text/event-stream', pieces, cut },
    );
    return messageOf(await chunksOf(answer));
  };

  test('gives the same answer for every place at which it is cut in two', async () => {
    const expected = await read([bytes]);
    for (let at = 1; at < bytes.length; at += 1) {
      expect(await read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(expected);
    }
  });

  test('gives the same answer however it is cut', async () => {
    const expected = await read([bytes]);
    const places = fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(places, async (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const pieces = edges.slice(1).map((end, i) => bytes.subarray(edges[i], end));
        expect(await read(pieces)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  test.each([[false], [true]])(
    'is never shorter without a failure (connection broken: %s)',
    async (broken) => {
      const { usage: _, ...expected } = await read([bytes]);
      for (let end = 0; end < bytes.length; end += 1) {
        const got = await read([bytes.subarray(0, end)], broken).catch((error: unknown) => error);
        // The answer may be complete before its usage, or `[DONE]`, has come.
        if (got instanceof ProviderFailure) continue;
        expect(got).toMatchObject(expected);
      }
    },
  );
});
