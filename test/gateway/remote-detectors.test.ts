import { afterEach, describe, expect, test } from '@jest/globals';
import { reviewBench } from '../review/memory-desk.ts';
import { chat, startGateway, type TestGateway } from '../support/gateway.ts';
import { says } from '../support/upstream.ts';
import {
  ASKING,
  CANARY,
  clean,
  detectors,
  FAILURES,
  type SeenDetectors,
  TIMEOUT_MS,
} from './asking-policies.ts';

const ANSWER = `The answer holds ${CANARY}.`;

let gateway: TestGateway | undefined;
afterEach(() => gateway?.close());

interface Call {
  readonly seen: SeenDetectors;
  readonly settings?: object;
  readonly stream?: boolean;
  readonly text?: string;
  readonly chain?: readonly string[];
}

async function call({
  seen,
  settings = {},
  stream = false,
  text = `Tell me about ${CANARY}.`,
  chain = ['asker'],
}: Call) {
  const { ports } = reviewBench();
  const pack = {
    pack: { name: 'asking', version: '1.0' },
    providers: [{ name: 'openai', model: 'gpt-4o', secret_key_ref: { env: 'OPENAI_API_KEY' } }],
    policies: { chain },
    policy: { asker: { timeout_ms: TIMEOUT_MS, ...settings } },
    on_block: 'error',
  };
  const started = await startGateway({
    pack: JSON.stringify(pack),
    catalogue: ASKING,
    ports: { reviews: ports.desk, flow: ports.flow, detectors: seen },
    options: { heartbeatMs: 20 },
  });
  gateway = started;
  started.upstream.answer(says(ANSWER));
  const response = await started.post(chat(text, { stream }));
  const body = await response.text();
  const final = (await started.stored(1)).find(({ type }) => type !== 'policy.bypassed');
  const records = JSON.stringify([started.events, started.lines]);
  return { gateway: started, status: response.status, body, final, records };
}

const arrived = (body: string) =>
  [...body.matchAll(/"content":"([^"]*)"/g)]
    .map(([, piece]) => piece)
    .join('')
    .includes(CANARY);

describe.each([false, true])('with stream: %s', (stream) => {
  /** Fails from the n-th question on: the first is about the request, the second about the answer. */
  const failsAt = (first: number, fails: () => Promise<never>) =>
    detectors((n) => (n >= first ? fails() : { findings: [], scanned: 1 }));

  describe.each(FAILURES)('a detector of requests that %s', (_, fails, error, refused) => {
    const input = { stream, seen: undefined as never };

    test('keeps the request from the provider with on_error: block', async () => {
      const done = await call({ ...input, seen: failsAt(1, fails as never) });

      expect(done.gateway.upstream.calls).toEqual([]);
      expect(done.status).toBe(400);
      expect(done.final).toMatchObject({
        type: 'request.blocked',
        policies: [{ action: 'block', reason: 'policy.error', error: expect.stringMatching(error) }],
      });
      expect(done.records + done.body).not.toContain(CANARY);
    });

    test(`is ${refused ? 'never passed over' : 'passed over, with an event,'} with on_error: allow`, async () => {
      const done = await call({
        ...input,
        seen: failsAt(1, fails as never),
        settings: { on_error: 'allow', answers: false },
      });

      expect(done.gateway.upstream.calls).toHaveLength(refused ? 0 : 1);
      expect(done.final?.verdict).toBe(refused ? 'blocked' : 'allowed');
      const events = await done.gateway.stored(refused ? 1 : 2);
      expect(events.some(({ type }) => type === 'policy.bypassed')).toBe(!refused);
    });

    test('goes no further with on_error: escalate', async () => {
      const done = await call({
        ...input,
        seen: failsAt(1, fails as never),
        settings: { on_error: 'escalate' },
      });

      expect(done.gateway.upstream.calls).toEqual([]);
      expect(done.final?.verdict).toBe(refused ? 'blocked' : 'escalated');
    });

    test('changes nothing while it only observes', async () => {
      const done = await call({ ...input, seen: failsAt(1, fails as never), settings: { mode: 'observe' } });

      expect(arrived(done.body)).toBe(true);
      expect(done.final).toMatchObject({ verdict: 'allowed', policies: [{ reason: 'policy.error' }, {}] });
    });
  });

  describe.each(FAILURES)('a detector of answers that %s', (_, fails, error, refused) => {
    test('keeps the answer from the client with on_error: block', async () => {
      const done = await call({ stream, seen: failsAt(2, fails as never) });

      expect(done.gateway.upstream.calls).toHaveLength(1);
      expect(arrived(done.body)).toBe(false);
      expect(done.final).toMatchObject({ type: 'request.blocked', error_code: 'output_blocked' });
      expect(done.final?.policies.at(-1)).toMatchObject({
        phase: 'output',
        action: 'block',
        reason: 'policy.error',
        error: expect.stringMatching(error),
      });
      expect(done.records + done.body).not.toContain(CANARY);
    });

    test(`is ${refused ? 'never passed over' : 'passed over'} with on_error: allow`, async () => {
      const done = await call({ stream, seen: failsAt(2, fails as never), settings: { on_error: 'allow' } });

      expect(arrived(done.body)).toBe(!refused);
      const events = await done.gateway.stored(refused ? 1 : 2);
      expect(events.some(({ type }) => type === 'policy.bypassed')).toBe(!refused);
    });

    test('hands the answer to a person with on_error: escalate', async () => {
      const done = await call({
        stream,
        seen: failsAt(2, fails as never),
        settings: { on_error: 'escalate' },
      });

      expect(arrived(done.body)).toBe(false);
      expect(done.final?.verdict).toBe(refused ? 'blocked' : 'escalated');
    });
  });

  test('nothing is sent to a detector when a local policy blocked, wherever it stands in the chain', async () => {
    const seen = clean();
    const done = await call({ seen, stream, text: 'STOP here', chain: ['asker', 'local'] });

    expect(done.final?.verdict).toBe('blocked');
    expect(seen.seen).toEqual([]);
  });

  test('what was asked and how long it took is on the event', async () => {
    const done = await call({ seen: clean(), stream });

    expect(done.final?.policies).toMatchObject([
      { phase: 'input', remote: [{ detector: 'comprehend', chars: expect.any(Number) }] },
      { phase: 'output', remote: [{ detector: 'comprehend', chars: ANSWER.length }] },
    ]);
  });

  test('the set-up probe of Dify is not sent anywhere', async () => {
    const seen = clean();
    const done = await call({ seen, stream, text: 'ping' });

    expect(done.status).toBe(200);
    expect(seen.seen.filter((texts) => texts.includes('ping'))).toHaveLength(done.final?.validation ? 0 : 1);
  });

  test('a detector that finds something in the answer stops all of it', async () => {
    const found = { findings: [{ label: 'X', score: 1, text: 0 }], scanned: 1 };
    const done = await call({
      stream,
      seen: detectors((n) => (n === 2 ? found : { findings: [], scanned: 1 })),
    });

    expect(arrived(done.body)).toBe(false);
    expect(done.final).toMatchObject({ error_code: 'output_blocked' });
  });
});

test('a stream gets heartbeats while a detector has its answer', async () => {
  const seen = detectors(async (n) => {
    if (n === 2) await new Promise((resolve) => setTimeout(resolve, 150));
    return { findings: [], scanned: 1 };
  });
  const done = await call({ seen, stream: true, settings: { timeout_ms: 5000 } });

  expect(done.body.match(/: keep-alive\n\n/g)?.length).toBeGreaterThan(1);
  expect(arrived(done.body)).toBe(true);
});

test('a detector that keeps failing is left alone for a while', async () => {
  const seen = detectors(() => Promise.reject(new Error('down')));
  const { gateway: started } = await call({ seen });
  for (let n = 0; n < 6; n += 1) await (await started.post(chat('Hello there'))).text();

  expect(seen.seen).toHaveLength(5);
  const last = (await started.stored(7)).at(-1);
  expect(last?.policies[0]?.error).toMatch(/left alone for now/);
});

test('without a connection to the cloud the request goes nowhere', async () => {
  const done = await call({ seen: undefined as never, settings: { on_error: 'allow' } });

  expect(done.gateway.upstream.calls).toEqual([]);
  expect(done.final?.policies[0]?.error).toBe('comprehend is not connected here');
});
