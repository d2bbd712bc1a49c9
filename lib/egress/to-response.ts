import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** Read ahead of whoever reads the body. */
const HIGH_WATER_BYTES = 64 * 1024;

/** `identity` was asked for; some servers compress all the same. */
const DECODERS: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** An answer of node:http as a `Response`. Its body errors when the connection ends early, or when the signal aborts. */
export function toResponse(answer: IncomingMessage, signal: AbortSignal | undefined): Response {
  const status = answer.statusCode ?? 0;
  const headers = new Headers();
  for (let i = 0; i < answer.rawHeaders.length; i += 2) {
    headers.append(answer.rawHeaders[i] ?? '', answer.rawHeaders[i + 1] ?? '');
  }
  const empty = status === 204 || status === 205 || status === 304;
  if (empty) answer.resume();
  return new Response(empty ? null : bodyOf(decoded(answer, headers), answer, signal), { status, headers });
}

function decoded(answer: IncomingMessage, headers: Headers): Readable {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding === '' || encoding === 'identity') return answer;
  const decoder = DECODERS[encoding]?.();
  if (!decoder) throw new TypeError('the answer has a content encoding that was not asked for');
  headers.delete('content-encoding');
  headers.delete('content-length');
  // Errors reach whoever reads the decoder.
  return pipeline(answer, decoder, () => undefined);
}

function bodyOf(
  source: Readable,
  answer: IncomingMessage,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  const abort = () => answer.destroy(new DOMException('The call was aborted.', 'AbortError'));
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let open = true;
        const settle = (how: () => void) => {
          signal?.removeEventListener('abort', abort);
          if (open) how();
          open = false;
        };
        signal?.addEventListener('abort', abort, { once: true });
        source.on('data', (chunk: Uint8Array) => {
          if (!open) return;
          controller.enqueue(new Uint8Array(chunk));
          if ((controller.desiredSize ?? 0) <= 0) source.pause();
        });
        source.on('end', () => settle(() => controller.close()));
        source.on('error', (error) => settle(() => controller.error(error)));
        source.on('close', () => settle(() => controller.error(cutShort())));
      },
      pull: () => void source.resume(),
      cancel: () => void answer.destroy(),
    },
    { highWaterMark: HIGH_WATER_BYTES, size: (chunk) => chunk.byteLength },
  );
}

function cutShort(): Error {
  return Object.assign(new Error('the connection ended before the answer did'), { code: 'ECONNRESET' });
}
