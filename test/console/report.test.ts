import { describe, expect, test } from '@jest/globals';
import { formatKey, hashKey } from '#core/auth/app-key.ts';
import { sampleEvent } from '../contracts/sample-records.ts';
import { consoleBench, TOKENS } from './console-bench.ts';

const remote = (over = {}) => sampleEvent({ environment: 'standalone', ...over });

function post(bench: ReturnType<typeof consoleBench>, events: unknown, token?: string): Promise<Response> {
  return bench.send('/v1/events', {
    ...(token ? { token } : {}),
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ events }),
  });
}

describe('POST /v1/events', () => {
  test('hands each event on exactly as it was sealed, and says so in order', async () => {
    const bench = consoleBench();
    const events = Array.from({ length: 25 }, () => remote());
    const response = await post(bench, events, TOKENS.gateway);

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      results: events.map(({ event_id }) => ({ event_id, status: 'accepted' })),
    });
    expect(bench.reported.map(({ event_id }) => event_id).sort()).toEqual(
      events.map(({ event_id }) => event_id).sort(),
    );
    expect(bench.reported).toEqual(expect.arrayContaining(events));
  });

  test.each([
    ['no token', undefined],
    ['a viewer', TOKENS.viewer],
    ['an admin', TOKENS.admin],
    ['an app key', formatKey(new Uint8Array(20), 'app')],
    ['a gateway token nobody made', formatKey(new Uint8Array(20).fill(9), 'gateway')],
  ])('%s may not post', async (_, token) => {
    const bench = consoleBench();

    expect((await post(bench, [remote()], token)).status).toBe(401);
    expect(bench.reported).toEqual([]);
  });

  test.each(['/api/me', '/api/apps', '/api/events', '/api/events/r1', '/api/reviews', '/api/spend'])(
    'a gateway token cannot read %s',
    async (path) => {
      const response = await consoleBench().send(path, { token: TOKENS.gateway });

      expect(response.status).toBe(401);
      expect(await response.text()).toContain('gateway token');
    },
  );

  test('a token whose shape and role disagree is good for nothing', async () => {
    const odd = formatKey(new Uint8Array(20).fill(8), 'gateway');
    const findToken = async (hash: string) =>
      hash === hashKey(odd) ? ({ subject: 'x', role: 'admin' } as const) : undefined;
    const bench = consoleBench({ keys: { findToken } });

    expect((await post(bench, [remote()], odd)).status).toBe(401);
    expect((await bench.send('/api/me', { token: odd })).status).toBe(401);
  });

  test('an event that is wrong is refused with its reason, and the others are taken', async () => {
    const bench = consoleBench();
    const good = remote();
    const changed = { ...remote(), cost: { micros: 0, price_table: 'test' } };
    const bad = [
      'text',
      { ...remote(), app_id: undefined },
      { ...remote(), surprise: 1 },
      { ...remote(), at: 'now' },
      { ...remote(), event_id: '' },
      changed,
      remote({ environment: 'test' }),
    ];
    const response = await post(bench, [...bad, good], TOKENS.gateway);
    const { results } = (await response.json()) as { results: { status: string; reason?: string }[] };

    expect(results.map(({ status }) => status)).toEqual([...bad.map(() => 'rejected'), 'accepted']);
    expect(results.slice(0, -1).every(({ reason }) => reason)).toBe(true);
    expect(results[5]?.reason).toContain('hash');
    expect(bench.reported).toEqual([good]);
  });

  test('a reason never repeats a value', async () => {
    const response = await post(consoleBench(), [{ ...remote(), type: 'canary-value' }], TOKENS.gateway);

    expect(await response.text()).not.toContain('canary-value');
  });

  test('an event that reaches only the log is not acknowledged', async () => {
    let turn = 0;
    const send = async () => ({ tier: turn++ % 2 === 0 ? ('queue' as const) : ('log' as const) });
    const response = await post(consoleBench({ sink: { send } }), [remote(), remote()], TOKENS.gateway);
    const { results } = (await response.json()) as { results: { status: string }[] };

    expect(results.map(({ status }) => status)).toEqual(['accepted', 'unavailable']);
  });

  test('when nothing can be stored it answers 503', async () => {
    const bench = consoleBench({ sink: { send: async () => ({ tier: 'log' }) } });

    expect((await post(bench, [remote()], TOKENS.gateway)).status).toBe(503);
  });

  test.each([
    ['no events', [], 400],
    ['more than 200 events', Array.from({ length: 201 }, () => ({})), 400],
    ['something else than a list', {}, 400],
    ['more than 4 MB', ['x'.repeat(4_300_000)], 413],
  ])('%s is refused as a whole', async (_, events, status) => {
    expect((await post(consoleBench(), events, TOKENS.gateway)).status).toBe(status);
  });

  test('GET is told that this path takes POST', async () => {
    const response = await consoleBench().send('/v1/events', { token: TOKENS.gateway });

    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});
