import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventStreamCodec } from '@smithy/core/event-streams';
import type { JsonObject } from '#core/json.ts';
import { recorded } from './ask.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const codec = new EventStreamCodec((bytes) => new TextDecoder().decode(bytes), utf8);

interface Line {
  readonly event?: string;
  readonly exception?: string;
  readonly payload: JsonObject;
}

/** Recorded events in the binary framing of `application/vnd.amazon.eventstream`. */
export function eventStream(file: string): Uint8Array {
  const lines = new TextDecoder()
    .decode(recorded(`bedrock/${file}`))
    .trim()
    .split('\n');
  return new Uint8Array(Buffer.concat(lines.map((line) => frame(JSON.parse(line) as Line))));
}

function frame({ event, exception, payload }: Line): Uint8Array {
  const header = (value: string) => ({ type: 'string' as const, value });
  return codec.encode({
    headers: {
      ':message-type': header(exception ? 'exception' : 'event'),
      [exception ? ':exception-type' : ':event-type']: header(exception ?? event ?? ''),
      ':content-type': header('application/json'),
    },
    body: utf8(JSON.stringify(payload)),
  });
}

interface SeenCall {
  readonly path: string;
  readonly authorization: string;
  readonly body: JsonObject;
}

export interface BedrockServer {
  readonly url: string;
  readonly calls: SeenCall[];
  answer(script: (call: SeenCall, response: ServerResponse) => void | Promise<void>): void;
  close(): Promise<void>;
}

/** Bedrock's runtime endpoint on loopback, for the real AWS SDK. */
export async function startBedrock(): Promise<BedrockServer> {
  const calls: SeenCall[] = [];
  let script: Parameters<BedrockServer['answer']>[0] = (_call, response) =>
    void response.writeHead(500).end();
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const call = {
      path: decodeURIComponent(request.url ?? ''),
      authorization: request.headers.authorization ?? '',
      body: JSON.parse(text || '{}') as JsonObject,
    };
    calls.push(call);
    await script(call, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answer(next) {
      script = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export function json(
  response: ServerResponse,
  status: number,
  body: Uint8Array | JsonObject,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-requestid': 'aws-1', ...headers });
  response.end(body instanceof Uint8Array ? body : JSON.stringify(body));
}

/** Sends the pieces one after the other; with `cut` the connection breaks after them. */
export async function events(
  response: ServerResponse,
  pieces: readonly Uint8Array[],
  cut = false,
): Promise<void> {
  response.writeHead(200, {
    'content-type': 'application/vnd.amazon.eventstream',
    'x-amzn-requestid': 'aws-1',
  });
  response.flushHeaders();
  for (const piece of pieces) {
    response.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (cut) response.destroy();
  else response.end();
}
