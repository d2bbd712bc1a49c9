import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/**
 * Copies a response to the client, chunk by chunk as they come. When the client leaves, the rest is still read to its
 * end: the body of an App ends only after its event is recorded.
 */
export async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.statusCode = response.status;
  if (response.statusText !== '') outgoing.statusMessage = response.statusText;
  for (const [name, value] of response.headers) outgoing.appendHeader(name, value);
  if (response.body) outgoing.flushHeaders();
  try {
    for await (const chunk of response.body ?? []) await writeChunk(outgoing, chunk);
    outgoing.end();
  } catch {
    // The head is gone already: a cut connection is the only way left to say that the answer is not whole.
    outgoing.destroy();
  }
}

async function writeChunk(outgoing: ServerResponse, chunk: Uint8Array): Promise<void> {
  if (outgoing.destroyed || outgoing.write(chunk)) return;
  await Promise.race([once(outgoing, 'drain'), once(outgoing, 'close')]);
}
