import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { streamedAnswer } from '../../../lib/local-cloud/lambda/http-answer.ts';

const prelude = JSON.stringify({ statusCode: 206, headers: { 'X-A': 'ü' } });
const whole = Buffer.from(`${prelude}${'\0'.repeat(8)}\0body\0`);

async function* cut(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const ends = [...new Set(cuts), bytes.length].sort((a, b) => a - b);
  let start = 0;
  for (const end of ends) {
    yield bytes.subarray(start, end);
    start = end;
  }
}

test('every cut of the stream gives the same head and body', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: whole.length })), async (cuts) => {
      const answer = await streamedAnswer(cut(whole, cuts));
      const parts: Uint8Array[] = [];
      for await (const part of answer.body) parts.push(part);

      expect([answer.statusCode, answer.headers['x-a'], answer.headers['content-type']]).toEqual([
        206,
        'ü',
        'application/octet-stream',
      ]);
      expect(Buffer.concat(parts).toString()).toBe('\0body\0');
    }),
  );
});

test.each([
  '',
  '{"statusCode":200}',
  'no json\0\0\0\0\0\0\0\0',
  '{"statusCode":99}\0\0\0\0\0\0\0\0',
  '[]\0\0\0\0\0\0\0\0',
])('a stream that begins with %j cannot be served', async (text) => {
  await expect(streamedAnswer(cut(Buffer.from(text), []))).rejects.toMatchObject({
    errorType: 'InvalidResponse',
  });
});
