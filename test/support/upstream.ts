import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call as the scripted provider saw it. */
interface SeenCall {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly body: { [key: string]: unknown };
}

export type Script = (call: SeenCall, response: ServerResponse) => void | Promise<void>;

/** A provider on loopback that speaks whatever the script says and remembers every call. */
export interface ScriptedUpstream {
  readonly url: string;
  readonly calls: SeenCall[];
  answer(script: Script): void;
  close(): Promise<void>;
}

export async function startUpstream(
  script: Script = says('Hello from upstream.'),
): Promise<ScriptedUpstream> {
  let current = script;
  const calls: SeenCall[] = [];
  const server = createServer(async (request, response) => {
    const bytes = Buffer.concat(await request.toArray());
    const { url = '', headers } = request;
    const call = { url, headers, text: bytes.toString(), body: await readBody(request, bytes) };
    calls.push(call);
    await current(call, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    calls,
    answer(next) {
      current = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** JSON as it is; of a form its fields, the file among them. */
async function readBody({ headers }: IncomingMessage, bytes: Buffer): Promise<SeenCall['body']> {
  const type = headers['content-type'] ?? '';
  if (!type.startsWith('multipart/')) return JSON.parse(bytes.toString() || '{}');
  const form = await new Response(Uint8Array.from(bytes), { headers: { 'content-type': type } }).formData();
  return Object.fromEntries(form);
}

const head = { id: 'chatcmpl-up', created: 1, model: 'gpt-4o-2026' };
export const USAGE = { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 };

/** A plain answer: whole, or streamed in the given pieces (default: words). */
export function says(
  text: string,
  options: { pieces?: string[]; usage?: boolean; pauseMs?: number } = {},
): Script {
  return async ({ body }, response) => {
    if (body['stream'] !== true) {
      const choices = [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }];
      json(response, 200, { ...head, object: 'chat.completion', choices, usage: USAGE });
      return;
    }
    const pieces = options.pieces ?? text.match(/\s*\S+\s*$|\s*\S+/g) ?? [];
    const deltas = [{ role: 'assistant', content: '' }, ...pieces.map((content) => ({ content }))];
    await streamChunks(
      response,
      deltas.map((delta) => ({ choices: [{ index: 0, delta, finish_reason: null }] })),
      options,
    );
  };
}

/** Sends chunks, then a finish chunk, usage and `[DONE]`. */
export async function streamChunks(
  response: ServerResponse,
  chunks: object[],
  options: { usage?: boolean; pauseMs?: number; finish?: string; end?: 'done' | 'cut' } = {},
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'up-1' });
  const send = (value: object) =>
    response.write(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', ...value })}\n\n`);
  for (const chunk of chunks) {
    send(chunk);
    await new Promise((resolve) => setTimeout(resolve, options.pauseMs ?? 0));
  }
  if (options.end === 'cut') {
    response.destroy();
    return;
  }
  send({ choices: [{ index: 0, delta: {}, finish_reason: options.finish ?? 'stop' }] });
  if (options.usage !== false) send({ choices: [], usage: USAGE });
  response.end('data: [DONE]\n\n');
}

export function json(
  response: ServerResponse,
  status: number,
  body: object,
  headers: { [name: string]: string } = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
