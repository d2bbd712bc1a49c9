import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface Upstream {
  /** With `/v1`: what OPENAI_BASE_URL is set to. */
  readonly url: string;
  /** The messages of every request, as JSON. */
  readonly heard: string[];
  /** The next answers wait for this. */
  hold(until: Promise<void>): void;
  /** From now on every answer is this error. */
  fail(status: number, message: string): void;
  close(): Promise<void>;
}

/** A provider that repeats the last message. */
export async function startUpstream(): Promise<Upstream> {
  const heard: string[] = [];
  let held: Promise<void> | undefined;
  let failure: { status: number; message: string } | undefined;
  const server = createServer(async (incoming, outgoing) => {
    const { messages } = (await json(incoming)) as { messages: { content: string }[] };
    heard.push(JSON.stringify(messages));
    await held;
    if (failure) {
      outgoing.writeHead(failure.status, { 'content-type': 'application/json' });
      outgoing.end(JSON.stringify({ error: { message: failure.message } }));
      return;
    }
    const content = `You said: ${messages.at(-1)?.content}`;
    const choice = { index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' };
    const usage = { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500 };
    outgoing.setHeader('content-type', 'application/json');
    outgoing.end(
      JSON.stringify({
        id: 'c',
        object: 'chat.completion',
        created: 1,
        model: 'gpt-4o',
        choices: [choice],
        usage,
      }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    heard,
    hold: (until) => {
      held = until;
    },
    fail: (status, message) => {
      failure = { status, message };
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
