import { afterEach, describe, expect, test } from '@jest/globals';
import type { Catalogue } from '#core/policy/policy.ts';
import { reviewBench } from '../review/memory-desk.ts';
import { chat, startGateway, type TestGateway } from '../support/gateway.ts';
import { says } from '../support/upstream.ts';
import { BROKEN_INPUTS, BROKEN_OUTPUTS, brokenCatalogue, CANARY, TIMEOUT_MS } from './broken-policies.ts';

const ANSWER = `The answer holds ${CANARY} and goes on for a while.`;

let gateway: TestGateway | undefined;
afterEach(() => gateway?.close());

async function call(catalogue: Catalogue, onError: string, stream: boolean, mode = 'enforce') {
  const { ports, cases } = reviewBench();
  const pack = {
    pack: { name: 'broken', version: '1.0' },
    providers: [{ name: 'openai', model: 'gpt-4o', secret_key_ref: { env: 'OPENAI_API_KEY' } }],
    policies: { chain: ['broken'] },
    policy: { broken: { on_error: onError, timeout_ms: TIMEOUT_MS, mode } },
    on_block: 'error',
  };
  const started = await startGateway({
    pack: JSON.stringify(pack),
    catalogue,
    ports: { reviews: ports.desk, flow: ports.flow },
  });
  gateway = started;
  started.upstream.answer(says(ANSWER));
  const response = await started.post(chat(`Tell me about ${CANARY}.`, { stream }));
  const text = await response.text();
  const final = (await started.stored(1)).find(({ type }) => type !== 'policy.bypassed');
  return { gateway: started, status: response.status, text, final, cases, records: left(started) };
}

/** Everything a failure leaves behind. */
function left({ events, lines }: TestGateway): string {
  return JSON.stringify([events, lines]);
}

function arrived(text: string): boolean {
  const said = [...text.matchAll(/"content":"([^"]*)"/g)].map(([, piece]) => piece).join('');
  return said.includes(CANARY);
}

describe.each([false, true])('with stream: %s, a policy that in the input phase', (stream) => {
  test.each(BROKEN_INPUTS)(
    '%s keeps the request from the provider with on_error: block',
    async (_, input, error) => {
      const done = await call(brokenCatalogue({ input }), 'block', stream);

      expect(done.gateway.upstream.calls).toEqual([]);
      expect(done.status).toBe(400);
      expect(done.final).toMatchObject({
        type: 'request.blocked',
        verdict: 'blocked',
        error_code: 'input_blocked',
      });
      expect(done.final?.policies).toMatchObject([
        { action: 'block', reason: 'policy.error', error: expect.stringMatching(error) },
      ]);
      expect(done.records + done.text).not.toContain(CANARY);
    },
  );

  test.each(BROKEN_INPUTS)(
    '%s is passed over with on_error: allow, and that is an event',
    async (_, input, error) => {
      const done = await call(brokenCatalogue({ input }), 'allow', stream);

      expect(done.status).toBe(200);
      expect(arrived(done.text)).toBe(true);
      const events = await done.gateway.stored(2);
      expect(events.map(({ type }) => type).sort()).toEqual(['policy.bypassed', 'request.completed']);
      expect(events.find(({ type }) => type === 'policy.bypassed')).toMatchObject({
        detail: 'broken',
        policies: [{ kind: 'broken', action: 'allow', error: expect.stringMatching(error) }],
      });
      expect(left(done.gateway)).not.toContain(CANARY);
    },
  );

  test.each(BROKEN_INPUTS)('%s goes no further with on_error: escalate', async (_, input) => {
    const done = await call(brokenCatalogue({ input }), 'escalate', stream);

    expect(done.gateway.upstream.calls).toEqual([]);
    expect(done.final).toMatchObject({ verdict: 'escalated', policies: [{ reason: 'policy.error' }] });
    expect(done.records + done.text).not.toContain(CANARY);
  });

  test.each(BROKEN_INPUTS)('%s changes nothing while it only observes', async (_, input) => {
    const done = await call(brokenCatalogue({ input }), 'block', stream, 'observe');

    expect(arrived(done.text)).toBe(true);
    expect(done.gateway.events.map(({ type }) => type)).toEqual(['request.completed']);
    expect(done.final).toMatchObject({ verdict: 'allowed', policies: [{ reason: 'policy.error' }] });
  });
});

describe.each([false, true])('with stream: %s, a policy that in the output phase', (stream) => {
  test.each(BROKEN_OUTPUTS)('%s lets nothing out with on_error: block', async (_, output, error, need) => {
    const done = await call(brokenCatalogue({ output }, need), 'block', stream);

    expect(done.text).not.toContain('canary');
    expect(done.final).toMatchObject({
      type: 'request.blocked',
      verdict: 'blocked',
      error_code: 'output_blocked',
    });
    expect(done.final?.policies).toMatchObject([
      { action: 'block', reason: 'policy.error', error: expect.stringMatching(error) },
    ]);
    expect(done.records).not.toContain(CANARY);
  });

  test.each(BROKEN_OUTPUTS)(
    '%s is passed over with on_error: allow, and that is an event',
    async (_, output, error, need) => {
      const done = await call(brokenCatalogue({ output }, need), 'allow', stream);

      expect(arrived(done.text)).toBe(true);
      const events = await done.gateway.stored(2);
      expect(events.find(({ type }) => type === 'policy.bypassed')).toMatchObject({
        detail: 'broken',
        policies: [{ action: 'allow', error: expect.stringMatching(error) }],
      });
      expect(left(done.gateway)).not.toContain(CANARY);
    },
  );

  test.each(BROKEN_OUTPUTS)(
    '%s leaves the answer to a person with on_error: escalate',
    async (_, output, _error, need) => {
      const done = await call(brokenCatalogue({ output }, need), 'escalate', stream);

      expect(done.text).not.toContain('canary');
      expect(done.final).toMatchObject({ verdict: 'escalated', error_code: 'review_pending' });
      expect([...done.cases.values()]).toMatchObject([{ id: done.final?.review_id, answer: ANSWER }]);
      expect(done.records).not.toContain(CANARY);
    },
  );

  test.each(BROKEN_OUTPUTS)('%s changes nothing while it only observes', async (_, output, _error, need) => {
    const done = await call(brokenCatalogue({ output }, need), 'block', stream, 'observe');

    expect(arrived(done.text)).toBe(true);
    expect(done.gateway.events.map(({ type }) => type)).toEqual(['request.completed']);
    expect(done.final).toMatchObject({ policies: [{ reason: 'policy.error' }] });
  });
});
