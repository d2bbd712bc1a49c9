import { expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import { formatKey } from '#core/auth/app-key.ts';
import { Key } from '#core/auth/key.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { compilePack } from '#core/pack/compile.ts';
import type { Intent } from '#core/ports.ts';
import { createInputText } from '#core/text/build-views.ts';
import { createGateway } from '#gateway/app.ts';
import { catalogue } from '#policies/catalogue.ts';

const CALLS = 1000;
const WORDS = 40;
const PACK = `
pack: { name: p, version: "1" }
providers: [{ name: openai, model: gpt-4o, secret_key_ref: { env: K }, base_url: "http://127.0.0.1:9/v1" }]
policies: { chain: [pii-detector] }
`;
const key = formatKey(crypto.getRandomValues(new Uint8Array(20)));
const budget = {
  monthlyMicros: 1e12,
  warnAt: [],
  onExceed: 'block',
  unknownPrice: 'refuse',
  maxTokens: 100,
} as const;

/** A provider that streams words without ever telling usage; it stops when it is aborted. */
async function provider(_url: string, { signal }: RequestInit): Promise<Response> {
  const encoder = new TextEncoder();
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise(setImmediate);
      if (signal?.aborted) return controller.error(signal.reason);
      if (sent === WORDS) {
        controller.enqueue(encoder.encode('data: [DONE]\n\n'));
        return controller.close();
      }
      sent += 1;
      const finish = sent === WORDS ? 'stop' : null;
      const choices = [{ index: 0, delta: { content: `word${sent} ` }, finish_reason: finish }];
      const chunk = { id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm', choices };
      controller.enqueue(encoder.encode(`data: ${JSON.stringify(chunk)}\n\n`));
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

function start(events: LedgerEvent[], intents: Intent[]) {
  const compiled = compilePack(PACK, 'p.yaml', catalogue);
  if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems));
  const { pack } = compiled;
  const app = { id: 'bot', name: 'Bot', budget: { ...budget, warnAt: [] } };
  return createGateway(
    {
      clock: { now: Date.now },
      ids: { next: () => ulid() },
      keys: {
        findKey: async () => ({
          app,
          key: { id: 'key_1', appId: 'bot', prefix: '', name: '', createdAt: '' },
        }),
        findToken: async () => undefined,
        appOfDify: async () => undefined,
      },
      secrets: { get: async () => new Key('sk') },
      intents: { open: async (intent) => void intents.push(intent) as undefined },
      events: {
        async send(event) {
          events.push(event);
          return { tier: 'queue' };
        },
      },
      log: { info: () => undefined, error: () => undefined },
      fetch: provider,
    },
    {
      deployment: {
        environment: 'test',
        version: '0',
        pack,
        prices: { version: 't', models: { 'openai/gpt-4o': { input: 2_500_000, output: 10_000_000 } } },
        costTags: {},
        apps: [],
      },
      catalogue,
      buildInput: createInputText,
      emitterId: ulid(),
      tenantKey: async () => 't',
      acceptProviderKey: false,
      allowLoopbackTargets: true,
    },
  );
}

test('clients that leave at a thousand random moments are each recorded once, with an estimate that is settled', async () => {
  const events: LedgerEvent[] = [];
  const intents: Intent[] = [];
  const app = start(events, intents);

  for (let number = 0; number < CALLS; number += 1) {
    const leaving = new AbortController();
    const request = new Request('http://gateway/v1/chat/completions', {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'go' }] }),
      signal: leaving.signal,
    });
    const answer = app(request, { deadline: Date.now() + 60_000 });
    let left = Math.floor(Math.random() * 6000);
    if (left < 50) leaving.abort();
    const reader = (await answer).body?.getReader();
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) break;
      left -= value?.length ?? 0;
      if (left <= 0) leaving.abort();
    }
  }

  const calls = events.filter(({ type }) => type !== 'request.refused');
  expect(events).toHaveLength(CALLS);
  expect(new Set(events.map(({ request_id }) => request_id)).size).toBe(CALLS);
  const aborted = calls.filter(({ type }) => type === 'request.client_aborted');
  expect(aborted.length).toBeGreaterThan(CALLS / 4);
  const held = new Map(intents.map(({ requestId, hold }) => [requestId, hold]));
  for (const event of calls) {
    expect(event.budget).toEqual(held.get(event.request_id));
    expect(event.cost.micros).toBeLessThanOrEqual(event.budget?.reserved_micros ?? 0);
    if (event.chars_out > 0) expect(event.usage).toMatchObject({ source: 'estimated' });
  }
}, 120_000);
