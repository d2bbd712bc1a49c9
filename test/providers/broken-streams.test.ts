import { describe, expect, test } from '@jest/globals';
import { anthropic } from '#providers/anthropic.ts';
import { azureOpenai } from '#providers/azure-openai.ts';
import { openai } from '#providers/openai.ts';
import type { Dialect } from '#providers/provider.ts';
import { ask, chunksOf, type Reply, recorded } from './ask.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

/** Dialect, and a stream of it that has begun. Bedrock has a suite of its own. */
const BEGUN: [string, Dialect, Uint8Array][] = [
  ['openai', openai, recorded('openai/weather-final.sse').subarray(0, 700)],
  ['azure-openai', azureOpenai, recorded('azure-openai/weather-final.sse').subarray(0, 700)],
  ['anthropic', anthropic, recorded('anthropic/weather-final.sse').subarray(0, 700)],
];

describe.each(BEGUN)('%s', (_name, dialect, begun) => {
  const read = async (reply: Partial<Reply>) => {
    const stream = { type: 'text/event-stream', pieces: [begun], ...reply };
    const { answer } = await ask(dialect, { target: { idle_timeout_ms: 60 }, stream: true }, stream);
    return chunksOf(answer);
  };

  test('frames that are no JSON, three in a row, are a failure', async () => {
    const garbage = utf8('\n\ndata: {"x"\n\ndata: <html>\n\ndata: ]\n\n');

    await expect(read({ pieces: [begun, garbage] })).rejects.toMatchObject({ code: 'provider_error' });
  });

  test('one frame that is no JSON is passed over', async () => {
    const whole = recorded(`${_name}/weather-final.sse`);
    const chunks = await read({ pieces: [utf8('data: {"x"\n\n'), whole] });

    expect(chunks).toEqual(await read({ pieces: [whole] }));
  });

  test('a stream that ends before its end is a failure', async () => {
    await expect(read({})).rejects.toMatchObject({ code: 'provider_error' });
  });

  test('a stream that stalls is given up', async () => {
    await expect(read({ open: true })).rejects.toMatchObject({ code: 'provider_timeout' });
  });

  test('a page with status 200 is a failure', async () => {
    const page = { type: 'text/html', pieces: [utf8('<html>Sign in</html>')] };

    await expect(read(page)).rejects.toMatchObject({ code: 'provider_error' });
  });

  test('a frame without end is a failure', async () => {
    const piece = utf8('x'.repeat(1024 * 1024));

    await expect(
      read({ pieces: [utf8('data: '), ...Array.from({ length: 5 }, () => piece)] }),
    ).rejects.toMatchObject({
      code: 'provider_error',
    });
  });
});
