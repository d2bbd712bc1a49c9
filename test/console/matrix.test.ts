import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatKey } from '#core/auth/app-key.ts';
import { consoleBench, consoleToken, TOKENS } from './console-bench.ts';

const RANK = { viewer: 0, reviewer: 1, admin: 2 } as const;
type Role = keyof typeof RANK;

/** Everyone who may try: what they hold, and what it makes them. */
const PRINCIPALS: readonly (readonly [name: string, token: string | undefined, role: Role | undefined])[] = [
  ['nobody', undefined, undefined],
  ['an app key', formatKey(new Uint8Array(20).fill(9)), undefined],
  ['a gateway token', TOKENS.gateway, undefined],
  ['an expired admin', consoleToken(5), undefined],
  ['an unknown token', consoleToken(77), undefined],
  ['a token that looks like a JWT', 'e30.e30.e30', undefined],
  ['a viewer', TOKENS.viewer, 'viewer'],
  ['a reviewer', TOKENS.reviewer, 'reviewer'],
  ['another reviewer', TOKENS.other, 'reviewer'],
  ['an admin', TOKENS.admin, 'admin'],
];

/** Method, path (`{id}` is an object), body, the weakest role that may. */
const ENDPOINTS: readonly (readonly [method: string, path: string, body: unknown, role: Role])[] = [
  ['GET', '/api/me', undefined, 'viewer'],
  ['GET', '/api/overview', undefined, 'viewer'],
  ['GET', '/api/events', undefined, 'viewer'],
  ['GET', '/api/events/{id}', undefined, 'viewer'],
  ['GET', '/api/exports?format=jsonl&from=2026-11-23T00:00:00Z&app={id}', undefined, 'viewer'],
  ['GET', '/api/spend', undefined, 'viewer'],
  ['GET', '/api/budgets', undefined, 'viewer'],
  ['GET', '/api/policies', undefined, 'viewer'],
  ['POST', '/api/policies/try', { prompt: 'hello' }, 'viewer'],
  ['GET', '/api/apps', undefined, 'viewer'],
  ['POST', '/api/apps', { id: 'made-here', name: 'x' }, 'admin'],
  ['PATCH', '/api/apps/{id}', { name: 'changed' }, 'admin'],
  ['GET', '/api/reviews', undefined, 'viewer'],
  ['GET', '/api/reviews/{id}', undefined, 'reviewer'],
  ['POST', '/api/reviews/{id}/decide', { state: 'rejected', reason: 'x' }, 'reviewer'],
  ['GET', '/api/keys', undefined, 'admin'],
  ['POST', '/api/keys', { app_id: 'support', name: 'x' }, 'admin'],
  ['POST', '/api/keys/{id}/rotate', {}, 'admin'],
  ['POST', '/api/keys/{id}/expire', { expires_at: '2027-01-01T00:00:00Z' }, 'admin'],
  ['POST', '/api/keys/{id}/revoke', {}, 'admin'],
];

const OBJECTS = ['c1', 'r1', 'support', 'key_1', 'key_none', 'nothing', '..%2f..%2fme', '%00'];

test('whoever asks for whatever of whichever object gets what the role allows, and the task token never', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...PRINCIPALS),
      fc.constantFrom(...ENDPOINTS),
      fc.constantFrom(...OBJECTS),
      async ([, token, role], [method, path, body, needed], object) => {
        const { send, apps, keys, cases, events } = consoleBench();
        keys.set('hash', {
          id: 'key_1',
          appId: 'support',
          prefix: 'kt_live_aaaa',
          name: 'k',
          createdAt: '2026-11-01T00:00:00.000Z',
        });
        const state = () => JSON.stringify([[...apps], [...keys], cases.get('c1')?.state]);
        const before = state();

        const response = await send(path.replace('{id}', object), {
          method,
          ...(token !== undefined && { token }),
          ...(body !== undefined && {
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
        });
        const text = await response.text();

        expect(text).not.toContain('secret-task-token');
        if (role !== undefined && RANK[role] >= RANK[needed]) {
          expect([200, 201, 400, 404]).toContain(response.status);
        } else {
          expect(response.status).toBe(role === undefined ? 401 : 403);
          expect([state(), events]).toEqual([before, []]);
          expect(Object.keys(JSON.parse(text) as object)).toEqual(['error']);
        }
        const changed = state() !== before;
        if (changed) expect(events.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 1000 },
  );
}, 60_000);
