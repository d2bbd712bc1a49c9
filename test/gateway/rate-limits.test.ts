import { afterEach, expect, test } from '@jest/globals';
import { memoryRateStore, type RateStore } from '#core/limits/rate-store.ts';
import { chat, startGateway, type TestGateway } from '../support/gateway.ts';
import { says } from '../support/upstream.ts';

let gateway: TestGateway;
afterEach(() => gateway.close());
/** The first second of a minute, in the past: no test crosses into the next. */
const clock = { now: () => Date.parse('2026-10-31T10:00:01.000Z') };

test('calls above the limit of a minute get 429 with when to try again, and no provider is called', async () => {
  gateway = await startGateway({ key: { limits: { requestsPerMinute: 3 } }, ports: { clock } });
  const { post, upstream } = gateway;

  const answers = [];
  for (let i = 0; i < 4; i += 1) answers.push(await post(chat('hi')));

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  const remaining = answers.map(({ headers }) => headers.get('x-ratelimit-remaining-requests'));
  expect(remaining).toEqual(['2', '1', '0', '0']);
  const { headers } = answers[3] as Response;
  expect([headers.get('retry-after'), headers.get('x-should-retry')]).toEqual(['59', 'true']);
  expect(headers.get('x-ratelimit-limit-requests')).toBe('3');
  expect(headers.get('x-ratelimit-reset-requests')).toBe('59s');
  expect(upstream.calls).toHaveLength(3);
  expect(await (answers[3] as Response).json()).toMatchObject({ error: { code: 'rate_limited' } });
});

test('tokens count with the answer a client allows', async () => {
  gateway = await startGateway({ app: { limits: { tokensPerMinute: 1000 } }, ports: { clock } });

  const first = await gateway.post(chat('hi', { max_tokens: 700 }));
  const second = await gateway.post(chat('hi', { max_tokens: 700 }));

  expect([first.status, second.status]).toEqual([200, 429]);
});

test('a place is free again when its call has ended, however it ended', async () => {
  gateway = await startGateway({ app: { limits: { concurrent: 1 } } });
  const { post, upstream } = gateway;
  upstream.answer(says('one two three four five six seven eight', { pauseMs: 150 }));

  const slow = await post(chat('hi', { stream: true }));
  expect((await post(chat('hi'))).status).toBe(429);
  await slow.text();

  upstream.answer((_call, response) => void response.destroy());
  expect((await post(chat('hi'))).status).toBe(502);
  upstream.answer(says('ok'));
  expect((await post(chat('hi'))).status).toBe(200);
});

test('a busy process asks its store for shares, not for calls', async () => {
  const store = memoryRateStore();
  let leases = 0;
  const counting: RateStore = {
    ...store,
    lease: (...given) => {
      leases += 1;
      return store.lease(...given);
    },
  };
  gateway = await startGateway({
    key: { limits: { requestsPerMinute: 1000 } },
    ports: { clock, rates: counting },
  });

  const answers = await Promise.all(Array.from({ length: 60 }, () => gateway.post(chat('hi'))));

  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(leases).toBeLessThan(10);
});

test('without limits nothing is asked', async () => {
  const rates = new Proxy({} as RateStore, {
    get: () => () => {
      throw new Error('asked');
    },
  });
  gateway = await startGateway({ ports: { rates } });

  expect((await gateway.post(chat('hi'))).status).toBe(200);
});
