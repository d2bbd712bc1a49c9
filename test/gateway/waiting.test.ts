import { afterEach, expect, test } from '@jest/globals';
import { LedgerEvent } from '#core/ledger/event.ts';
import type { ReviewCase, ReviewDecision } from '#core/review/case.ts';
import { reviewBench } from '../review/memory-desk.ts';
import { chat, startGateway, type TestGateway } from '../support/gateway.ts';
import { says } from '../support/upstream.ts';

const HELD = 'The quarterly layoffs begin soon.';

let gateway: TestGateway;
let held: ReviewCase | undefined;
afterEach(() => gateway.close());

/** A gateway that keeps clients waiting up to `seconds`, and asks its desk every 20 ms. */
async function start(seconds: number): Promise<void> {
  held = undefined;
  const { desk, flow } = reviewBench().ports;
  const reviews = {
    ...desk,
    open: async (opened: ReviewCase) => {
      held = opened;
    },
    get: async () => held,
    findByRequest: async () => undefined,
  };
  gateway = await startGateway({
    pack: `
pack: { name: waiting, version: "1.0" }
providers: [{ name: openai, model: gpt-4o, secret_key_ref: { env: OPENAI_API_KEY } }]
policies: { chain: [human-oversight] }
policy: { human-oversight: { terms: [quarterly layoffs], wait_seconds: ${seconds} } }
`,
    ports: { reviews, flow },
    options: { reviewPollMs: 20, heartbeatMs: 40 },
  });
  gateway.upstream.answer(says(HELD));
}

async function decide(decision: Pick<ReviewDecision, 'state'> & { text?: string }): Promise<void> {
  while (!held) await new Promise((resolve) => setTimeout(resolve, 10));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const at = new Date().toISOString();
  held = { ...held, state: decision.state, decision: { by: 'rose', at, reason: 'seen', ...decision } };
}

async function answerTo(stream: boolean): Promise<string> {
  return (await gateway.post({ ...chat('What is new?'), stream })).text();
}

test.each([false, true])('a waiting client gets the edited answer (stream: %s)', async (stream) => {
  await start(60);

  const [text] = await Promise.all([answerTo(stream), decide({ state: 'edited', text: 'Nothing is new.' })]);

  expect(text).toContain('Nothing is new.');
  expect(text).not.toContain('layoffs');
  const [event] = await gateway.stored(1);
  expect(LedgerEvent.parse(event)).toMatchObject({
    verdict: 'escalated',
    complete: true,
    detail: 'released after review',
  });
});

test('a waiting stream is kept alive, and ends as every stream does', async () => {
  await start(60);

  const [text] = await Promise.all([answerTo(true), decide({ state: 'approved' })]);

  expect(text.match(/^: keep-alive$/gm)?.length).toBeGreaterThanOrEqual(2);
  expect(text).toContain(HELD);
  expect(text).toMatch(/"finish_reason":"stop"/);
  expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
});

test('the official client reads a released answer like any other', async () => {
  await start(60);
  const read = async () => {
    let text = '';
    const messages = [{ role: 'user' as const, content: 'What is new?' }];
    for await (const chunk of await gateway.client.chat.completions.create({
      model: 'gpt-4o',
      messages,
      stream: true,
    }))
      text += chunk.choices[0]?.delta.content ?? '';
    return text;
  };

  const [text] = await Promise.all([read(), decide({ state: 'edited', text: 'Nothing is new.' })]);

  expect(text).toBe('Nothing is new.');
});

test.each([false, true])('a rejected answer never arrives (stream: %s)', async (stream) => {
  await start(60);

  const [text] = await Promise.all([answerTo(stream), decide({ state: 'rejected' })]);

  expect(text).toContain('decided not to release');
  expect(text).not.toContain('layoffs');
});

test.each([false, true])('whom nobody answers in time is told to ask again (stream: %s)', async (stream) => {
  await start(1);

  const text = await answerTo(stream);

  expect(text).toContain('waiting for a person');
  expect(text).not.toContain('layoffs');
});

test('who does not want to wait is told at once', async () => {
  await start(0);
  const began = Date.now();

  expect(await answerTo(true)).toContain('waiting for a person');
  expect(Date.now() - began).toBeLessThan(5_000);
});
