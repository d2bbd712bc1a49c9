import { expect } from '@jest/globals';
import { chat } from '../support/gateway.ts';
import type { Script } from '../support/upstream.ts';
import { difyCase } from './doors.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const frame = (content: string) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`;

difyCase(78, 'checking an input leaves room within five seconds to the first token', async ({ gateway }) => {
  const words = 'How do I return an order that arrived broken, and who pays for the parcel? ';
  const times: number[] = [];
  for (let i = 0; i < 20; i += 1) {
    const began = Date.now();
    const response = await gateway.post(chat(`${i} ${words.repeat(50)}`, { stream: true }));
    const reader = response.body?.getReader();
    await reader?.read();
    times.push(Date.now() - began);
    await reader?.cancel();
  }
  times.sort((a, b) => a - b);
  expect(times[18]).toBeLessThan(1000);
});

/** Silence many times as long as the client's patience between two bytes; both scaled by 1:1000 of 300 s. */
const PATIENCE_MS = 300;
const silent: Script = async (_call, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(frame('Let me see. '));
  await pause(2 * PATIENCE_MS);
  response.end(
    `${frame('Here it is.')}data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`,
  );
};
difyCase(
  79,
  "a silent provider does not use up Dify's patience between two bytes",
  async ({ gateway }) => {
    gateway.upstream.answer(silent);
    const response = await gateway.post(chat('hi', { stream: true }));
    let last = Date.now();
    let longest = 0;
    let raw = '';
    for await (const bytes of response.body ?? []) {
      longest = Math.max(longest, Date.now() - last);
      last = Date.now();
      raw += new TextDecoder().decode(bytes);
    }
    expect(raw).toContain('"is."');
    expect(longest).toBeLessThan(PATIENCE_MS);
  },
  { options: { heartbeatMs: 50 } },
);

difyCase(
  80,
  'a call that takes too long is ended by the gateway, with a text and its usage',
  async ({ gateway, dify }) => {
    gateway.upstream.answer(async (_call, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let i = 0; i < 200 && !response.destroyed; i += 1) {
        response.write(frame(`Sentence number ${i}. `));
        await pause(20);
      }
      response.end();
    });
    const { error, text, silent: lost } = await dify.invoke('hi');
    expect(error).toMatch(/longer than the gateway can wait.*Reference: \w+/);
    expect(lost).toBe(false);
    expect(text).toContain('Sentence number 1.');
    const [event] = await gateway.stored(1);
    expect(event).toMatchObject({
      error_code: 'provider_timeout',
      complete: false,
      usage: { source: 'estimated' },
    });
    expect(event?.usage.output).toBeGreaterThan(0);
  },
  { callMs: 1000 },
);
