import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { dynamoReviewDesk } from '#aws/dynamo-review-desk.ts';
import type { App } from '#core/app.ts';
import { LedgerEvent } from '#core/ledger/event.ts';
import { definePolicy } from '#core/policy/policy.ts';
import type { ReviewDesk } from '#core/ports.ts';
import type { ReviewCase } from '#core/review/case.ts';
import { fileReviewDesk } from '#local/file-review-desk.ts';
import { catalogue } from '#policies/catalogue.ts';
import { decideReview } from '#review/decide-review.ts';
import { settleReview } from '#review/settle-review.ts';
import { freshCloud } from '../aws/cloud.ts';
import { reviewBench } from '../review/memory-desk.ts';
import { chat, startGateway, type TestGateway } from '../support/gateway.ts';
import { json, says } from '../support/upstream.ts';
import { ASKING, clean, detectors } from './asking-policies.ts';

/** A request that the input phase escalates waits for a person before any provider is called. */

const ASKED = 'Tell ann@example.com about project hedgehog.';
const ANSWER = 'It is a small garden animal.';
const HELD_ANSWER = 'The quarterly layoffs begin soon.';

const PACK = `
pack: { name: held, version: "1.0" }
providers: [{ name: openai, model: gpt-4o, secret_key_ref: { env: OPENAI_API_KEY } }]
policies: { chain: [prompt-injection, pii-detector, human-oversight] }
policy:
  prompt-injection: { action: escalate, attack_patterns: [project hedgehog] }
  pii-detector: { action: redact }
  human-oversight: { terms: [quarterly layoffs], wait_seconds: 0 }
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kt-held-requests-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

let desks = 0;
const DESKS: [string, () => Promise<ReviewDesk>][] = [
  ['a state folder', async () => fileReviewDesk(join(folder, String(desks++)))],
  [
    'DynamoDB',
    async () => {
      const { client } = await freshCloud();
      return dynamoReviewDesk({ stateTable: 'State', contentTable: 'Content', client });
    },
  ],
];

describe.each(DESKS)('a held request in %s', (_name, makeDesk) => {
  let gateway: TestGateway;
  let desk: ReviewDesk;
  let opened: string[];
  let door: App;
  let words: string;
  let nth = 0;
  afterEach(() => gateway.close());

  async function start(settings = '', seconds = 0): Promise<void> {
    opened = [];
    words = `${ASKED} (${nth++} ${Date.now()})`;
    const base = await makeDesk();
    desk = {
      ...base,
      open: async (held) => {
        await base.open(held);
        opened.push(held.id);
      },
    };
    let ids = 0;
    const next = () => `01HELD${String(Date.now()).padStart(14, '0')}${String(ids++).padStart(6, '0')}`;
    gateway = await startGateway({
      pack: PACK.replace('wait_seconds: 0', `wait_seconds: ${seconds}${settings}`),
      ports: { reviews: desk, flow: reviewBench().ports.flow, ids: { next } },
      options: { reviewPollMs: 20, heartbeatMs: 40 },
      wrap: (app) => {
        door = app;
        return app;
      },
    });
    gateway.upstream.answer(says(ANSWER));
  }

  const waiting = () => start('', 60);

  const ask = (stream = false, text = words) => gateway.post({ ...chat(text), stream });
  const askText = async (stream = false) => (await ask(stream)).text();

  async function held(at = 0): Promise<ReviewCase> {
    for (let waited = 0; waited < 500 && opened.length <= at; waited += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    const found = await desk.get(opened[at] ?? '');
    if (!found) throw new Error('nothing is held');
    return found;
  }

  async function decide(state: string, at = 0, by = 'rose') {
    const { ports } = reviewBench();
    const now = { now: () => Date.now() };
    const wish = { id: (await held(at)).id, state, by, reason: 'seen' };
    return decideReview({ ...ports, desk, clock: now }, wish);
  }

  test.each([false, true])(
    'no provider is called, and no intent written, before a person decided (stream: %s)',
    async (stream) => {
      await start();

      const text = await askText(stream);

      expect(text).toContain('This request is waiting for a person');
      expect([gateway.upstream.calls.length, gateway.intents.length]).toEqual([0, 0]);
      const [event] = await gateway.stored(1);
      expect(LedgerEvent.parse(event)).toMatchObject({
        type: 'request.completed',
        verdict: 'escalated',
        error_code: 'review_pending',
        review_id: (await held()).id,
        cost: { micros: 0 },
      });
      expect(gateway.events).toHaveLength(1);
    },
  );

  test('the reviewer sees the request as the provider would get it: redacted, with its places', async () => {
    await start();
    await askText();

    const { phase, answer, rules, appId, packHash } = await held();

    expect([phase, appId, packHash.length]).toEqual(['input', 'hr-bot', 64]);
    expect(answer).toContain('messages[0].content (user):');
    expect(answer).toContain('about project hedgehog');
    expect(answer).not.toContain('ann@example.com');
    expect(rules.length).toBeGreaterThan(0);
  });

  test.each([false, true])(
    'once approved, the same request goes to the provider, redacted (stream: %s)',
    async (stream) => {
      await start();
      await askText(stream);
      expect(await askText(stream)).toContain('This request is waiting');
      expect((await decide('approved')).ok).toBe(true);

      const text = await askText(stream);

      expect(text).toContain('garden');
      expect(gateway.upstream.calls).toHaveLength(1);
      expect(gateway.upstream.calls[0]?.text).not.toContain('ann@example.com');
      const events = await gateway.stored(3);
      expect(events.map(({ verdict }) => verdict)).toEqual(['escalated', 'escalated', 'escalated']);
      expect(events[2]).toMatchObject({ type: 'request.completed', complete: true, review_id: opened[0] });
      expect(opened).toHaveLength(1);
    },
  );

  test('another byte in the request is another request, and is held itself', async () => {
    await start();
    await askText();
    await decide('approved');

    const text = await (await ask(false, `${words} `)).text();

    expect(text).toContain('This request is waiting');
    expect([opened.length, gateway.upstream.calls.length]).toEqual([2, 0]);
  });

  test('a rejected request is refused, now and when it is repeated', async () => {
    await start();
    await askText();
    await decide('rejected');

    for (let n = 0; n < 2; n += 1)
      expect(await askText()).toContain('decided not to let this request through');

    expect(gateway.upstream.calls).toHaveLength(0);
    const events = await gateway.stored(3);
    expect(events[2]).toMatchObject({
      type: 'request.blocked',
      verdict: 'escalated',
      error_code: 'input_blocked',
    });
  });

  test.each([
    ['reject', 'decided not to let this request through', 0],
    ['release', 'garden', 1],
  ])('a request nobody decided about in time: on_timeout %s', async (onTimeout, said, calls) => {
    await start(`, on_timeout: ${onTimeout}`);
    await askText();
    const { ports } = reviewBench();
    await settleReview(
      { ...ports, desk, clock: { now: () => Date.now() } },
      { caseId: (await held()).id, outcome: 'expired' },
    );

    expect(await askText()).toContain(said);
    expect(gateway.upstream.calls).toHaveLength(calls);
  });

  test('a request cannot be edited', async () => {
    await start();
    await askText();

    expect(await decide('edited')).toMatchObject({
      ok: false,
      error: { code: 'invalid_request', message: expect.stringContaining('cannot be edited') },
    });
  });

  test('two people are needed where the pack says so', async () => {
    await start(', required_approvals: 2');
    await askText();
    await decide('approved', 0, 'ann');
    expect(await askText()).toContain('This request is waiting');

    await decide('approved', 0, 'bob');

    expect(await askText()).toContain('garden');
  });

  test.each([false, true])(
    'a waiting client gets the answer once its request is approved (stream: %s)',
    async (stream) => {
      await waiting();

      const [text] = await Promise.all([askText(stream), later(() => decide('approved'))]);

      expect(text).toContain('garden');
      expect(text.includes(': keep-alive')).toBe(stream);
      if (stream) expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
      const [event] = await gateway.stored(1);
      expect(event).toMatchObject({ type: 'request.completed', complete: true, verdict: 'escalated' });
      await settledEvents(1);
    },
  );

  test.each([false, true])(
    'a waiting client is told that its request was rejected (stream: %s)',
    async (stream) => {
      await waiting();

      const [text] = await Promise.all([askText(stream), later(() => decide('rejected'))]);

      expect(text).toContain('decided not to let this request through');
      expect(gateway.upstream.calls).toHaveLength(0);
      const [event] = await gateway.stored(1);
      expect(event).toMatchObject({
        type: 'request.blocked',
        verdict: 'escalated',
        error_code: 'input_blocked',
      });
      await settledEvents(1);
    },
  );

  test('the official client reads a stream that waited for a person like any other', async () => {
    await waiting();
    const read = async () => {
      const messages = [{ role: 'user' as const, content: words }];
      const asked = { model: 'gpt-4o', messages, stream: true as const };
      let text = '';
      for await (const chunk of await gateway.client.chat.completions.create(asked))
        text += chunk.choices[0]?.delta.content ?? '';
      return text;
    };

    const [text] = await Promise.all([read(), later(() => decide('approved'))]);

    expect(text).toBe(ANSWER);
  });

  test('a provider that fails after the wait ends the stream with an error, and one event', async () => {
    await waiting();
    gateway.upstream.answer((_call, response) => json(response, 400, { error: { message: 'no' } }));

    const [text] = await Promise.all([askText(true), later(() => decide('approved'))]);

    expect(text).toContain('"error"');
    const [event] = await gateway.stored(1);
    expect(event).toMatchObject({ type: 'request.failed', verdict: 'escalated' });
    await settledEvents(1);
  });

  test.each([false, true])(
    'who leaves while a person decides costs nothing, and is one event (stream: %s)',
    async (stream) => {
      await waiting();
      const leave = new AbortController();
      const headers = { authorization: `Bearer ${gateway.apiKey}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ ...chat(words), stream });
      const request = fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers,
        body,
        signal: leave.signal,
      });
      const gone = request.then((response) => response.text()).catch(() => 'gone');
      await held();
      await new Promise((resolve) => setTimeout(resolve, 150));

      leave.abort();

      expect(await gone).toBe('gone');
      await gateway.stored(1);
      await decide('approved');
      await settledEvents(1);
      expect(gateway.upstream.calls).toHaveLength(0);
    },
  );

  test.each(['before the decision', 'while the provider thinks'])(
    'a stream that is not read any more %s is one event, also where the door sees nobody leave',
    async (when) => {
      await waiting();
      gateway.upstream.answer(() => new Promise(() => undefined));
      const reader = await openDirectly();
      await held();
      if (when !== 'before the decision') {
        await decide('approved');
        for (let waited = 0; waited < 500 && gateway.upstream.calls.length === 0; waited += 1)
          await new Promise((resolve) => setTimeout(resolve, 10));
        expect(gateway.upstream.calls).toHaveLength(1);
      }

      await reader?.cancel();

      const [event] = await gateway.stored(1);
      expect(event).toMatchObject({ type: 'request.client_aborted', complete: false, verdict: 'escalated' });
      if (when === 'before the decision') await decide('approved');
      await settledEvents(1);
      expect(gateway.upstream.calls).toHaveLength(when === 'before the decision' ? 0 : 1);
    },
  );

  /** Calls the gateway without a door and reads the first heartbeat. */
  async function openDirectly() {
    const headers = { authorization: `Bearer ${gateway.apiKey}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ ...chat(words), stream: true });
    const request = new Request('http://gateway/v1/chat/completions', { method: 'POST', headers, body });
    const response = await door(request, { deadline: Date.now() + 60_000 });
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(': keep-alive\n\n');
    return reader;
  }

  test.each([false, true])(
    'an approved request whose answer is held is two cases of one call (stream: %s)',
    async (stream) => {
      await waiting();
      gateway.upstream.answer(says(HELD_ANSWER));

      const [text] = await Promise.all([
        askText(stream),
        later(() => decide('approved')).then(() => decide('approved', 1)),
      ]);

      expect(text).toContain('layoffs');
      const [request, answer] = [await held(0), await held(1)];
      expect([request.phase, answer.phase, answer.requestId]).toEqual(['input', undefined, request.id]);
      const [event] = await gateway.stored(1);
      expect(event).toMatchObject({ request_id: request.id, review_id: answer.id, verdict: 'escalated' });
      await settledEvents(1);
      expect(await askText(stream)).toContain('layoffs');
      expect(gateway.upstream.calls).toHaveLength(1);
    },
  );

  test('Dify’s probe is not held', async () => {
    await start();
    expect((await ask(false, 'ping')).status).toBe(200);
    expect(gateway.upstream.calls).toHaveLength(1);
    expect(opened).toEqual([]);
  });

  test('where reviews cannot be written, the request goes nowhere', async () => {
    await start();
    desk.open = async () => {
      throw new Error('the table is gone');
    };

    const response = await ask();

    expect([response.status, await response.text()]).toEqual([
      503,
      expect.stringContaining('review_unavailable'),
    ]);
    expect(gateway.upstream.calls).toHaveLength(0);
  });

  /** After some heartbeats. */
  async function later<T>(act: () => Promise<T>): Promise<T> {
    await held();
    await new Promise((resolve) => setTimeout(resolve, 200));
    return act();
  }

  /** No further event comes. */
  async function settledEvents(count: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(gateway.events).toHaveLength(count);
  }
});

const ESCALATES = definePolicy({
  kind: 'local-doubt',
  phases: ['input'],
  summary: 'Escalates every request',
  settings: z.strictObject({ action: z.literal('escalate').default('escalate') }),
  needs: () => 'none',
  input: () => ({ action: 'escalate', reason: 'doubt', findings: [], scanned: 1 }),
});

describe.each([
  [0, false],
  [60, false],
  [60, true],
])('with wait_seconds: %s and stream: %s', (seconds, stream) => {
  test.each([
    ['finds nothing', clean, 1, ANSWER],
    ['finds something', () => detectors(() => ({ findings: [{}], scanned: 1 }) as never), 0, 'Reference'],
  ])(
    'a remote detector that %s is asked once a person let the request through',
    async (_what, make, calls, said) => {
      const seen = make();
      const desk = fileReviewDesk(join(folder, `remote-${desks++}`));
      const oversight = `human-oversight: { sample_rate: 0, wait_seconds: ${seconds} }`;
      const gateway = await startGateway({
        pack: PACK.replace(/chain: .*/, 'chain: [local-doubt, asker, human-oversight] }').replace(
          /policy:[\s\S]*/,
          `policy: { asker: { answers: false }, ${oversight} }\n`,
        ),
        catalogue: new Map([...ASKING, ['local-doubt', ESCALATES], ...catalogue]),
        ports: { reviews: desk, flow: reviewBench().ports.flow, detectors: seen },
        options: { reviewPollMs: 20, heartbeatMs: 40 },
      });
      gateway.upstream.answer(says(ANSWER, { pieces: [ANSWER] }));
      const ask = async () => (await gateway.post({ ...chat(ASKED), stream })).text();
      const first = ask();
      let open: ReviewCase | undefined;
      while (!open) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        [open] = await desk.list('open', 1);
      }
      expect(seen.seen).toEqual([]);

      const at = new Date().toISOString();
      await desk.decide(open.id, { state: 'approved', by: 'rose', at, reason: 'seen' });
      const text = seconds === 0 ? await first.then(ask) : await first;

      expect(text).toContain(said);
      expect(seen.seen.length).toBeGreaterThan(0);
      expect(gateway.upstream.calls).toHaveLength(calls);
      const event = (await gateway.stored(seconds === 0 ? 2 : 1)).at(-1);
      expect(event?.policies.filter(({ kind, phase }) => kind === 'asker' && phase === 'input')).toHaveLength(
        1,
      );
      expect(event?.verdict).toBe(calls === 0 ? 'blocked' : 'escalated');
      await gateway.close();
    },
  );
});

test('a request for an embedding is held with an error, and made once it is approved', async () => {
  const desk = fileReviewDesk(join(folder, 'embeddings'));
  const gateway = await startGateway({
    pack: PACK,
    ports: { reviews: desk, flow: reviewBench().ports.flow },
  });
  gateway.upstream.answer((_call, response) =>
    json(response, 200, {
      data: [{ index: 0, embedding: [0.5] }],
      usage: { prompt_tokens: 4, total_tokens: 4 },
    }),
  );
  const ask = () => gateway.post({ model: 'gpt-4o', input: ASKED }, {}, '/embeddings');

  const first = await ask();
  expect([first.status, await first.text()]).toEqual([400, expect.stringContaining('review_pending')]);
  const [open] = await desk.list('open', 1);
  const at = new Date().toISOString();
  await desk.decide(open?.id ?? '', { state: 'approved', by: 'rose', at, reason: 'seen' });

  expect(await (await ask()).json()).toMatchObject({ data: [{ embedding: [0.5] }] });
  expect(gateway.upstream.calls).toHaveLength(1);
  await gateway.close();
});
