import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatKey } from '#core/auth/app-key.ts';
import type { Budget } from '#core/budget/budget.ts';
import { eventMatcher } from '#core/ledger/event-matcher.ts';
import type { EventReader } from '#core/ports.ts';
import { sampleRow } from '../contracts/sample-records.ts';
import { heldCase } from '../review/memory-desk.ts';
import { consoleBench, consoleToken, storedEvent, TOKENS } from './console-bench.ts';

const RANK = { viewer: 1, reviewer: 2, admin: 3 } as const;
type Role = keyof typeof RANK;

/** What somebody may in an app, 0 for nothing; `nobody` is not even signed in. */
interface Principal {
  readonly token: string | undefined;
  readonly ranks: Readonly<Record<'support' | 'sales' | 'everywhere', number>> | 'nobody';
}

const inAll = (role: Role) => ({ support: RANK[role], sales: RANK[role], everywhere: RANK[role] });
const inSupport = (role: Role) => ({ support: RANK[role], sales: 0, everywhere: 0 });

/** Everyone who may try: what they hold, and what it makes them. */
const PRINCIPALS: Readonly<Record<string, Principal>> = {
  nobody: { token: undefined, ranks: 'nobody' },
  'an app key': { token: formatKey(new Uint8Array(20).fill(9)), ranks: 'nobody' },
  'a gateway token': { token: TOKENS.gateway, ranks: 'nobody' },
  'an expired admin': { token: consoleToken(5), ranks: 'nobody' },
  'an unknown token': { token: consoleToken(77), ranks: 'nobody' },
  'a token that looks like a JWT': { token: 'e30.e30.e30', ranks: 'nobody' },
  'a viewer': { token: TOKENS.viewer, ranks: inAll('viewer') },
  'a reviewer': { token: TOKENS.reviewer, ranks: inAll('reviewer') },
  'another reviewer': { token: TOKENS.other, ranks: inAll('reviewer') },
  'an admin': { token: TOKENS.admin, ranks: inAll('admin') },
  'a viewer of support': { token: TOKENS.supportViewer, ranks: inSupport('viewer') },
  'a reviewer of support': { token: TOKENS.supportReviewer, ranks: inSupport('reviewer') },
  'an admin of support': { token: TOKENS.supportAdmin, ranks: inSupport('admin') },
  'an admin of nothing': { token: TOKENS.ofNothing, ranks: { support: 0, sales: 0, everywhere: 0 } },
};

/** Which objects an endpoint is about; `open` has none, and shows what somebody may see. */
type Kind = 'open' | 'everywhere' | 'app' | 'event' | 'key' | 'review' | 'asked';

const RANGE = 'from=2026-11-23T00:00:00Z';

/** Method, path (`{id}` is an object), body, the weakest role that may, of what. */
const ENDPOINTS: readonly (readonly [method: string, path: string, body: unknown, role: Role, kind: Kind])[] =
  [
    ['GET', '/api/me', undefined, 'viewer', 'open'],
    ['GET', '/api/overview', undefined, 'viewer', 'open'],
    ['GET', '/api/overview?app={id}', undefined, 'viewer', 'asked'],
    ['GET', '/api/events', undefined, 'viewer', 'open'],
    ['GET', '/api/events?app={id}', undefined, 'viewer', 'asked'],
    ['GET', '/api/events?request_id={id}', undefined, 'viewer', 'open'],
    ['GET', '/api/events?verdict=blocked', undefined, 'viewer', 'open'],
    ['GET', '/api/events/{id}', undefined, 'viewer', 'event'],
    ['GET', `/api/exports?format=jsonl&${RANGE}`, undefined, 'viewer', 'open'],
    ['GET', `/api/exports?format=csv&${RANGE}&app={id}`, undefined, 'viewer', 'asked'],
    ['GET', '/api/spend', undefined, 'viewer', 'open'],
    ['GET', '/api/spend?app={id}', undefined, 'viewer', 'asked'],
    ['GET', '/api/spend?format=focus', undefined, 'viewer', 'open'],
    ['GET', '/api/budgets', undefined, 'viewer', 'open'],
    ['GET', '/api/budgets?app={id}', undefined, 'viewer', 'asked'],
    ['GET', '/api/policies', undefined, 'viewer', 'open'],
    ['POST', '/api/policies/try', { prompt: 'hello' }, 'viewer', 'open'],
    ['GET', '/api/apps', undefined, 'viewer', 'open'],
    ['POST', '/api/apps', { id: 'made-here', name: 'x' }, 'admin', 'everywhere'],
    ['PATCH', '/api/apps/{id}', { name: 'changed' }, 'admin', 'app'],
    ['GET', '/api/reviews', undefined, 'viewer', 'open'],
    ['GET', '/api/reviews/{id}', undefined, 'reviewer', 'review'],
    ['POST', '/api/reviews/{id}/claim', {}, 'reviewer', 'review'],
    ['POST', '/api/reviews/{id}/unclaim', {}, 'reviewer', 'review'],
    ['POST', '/api/reviews/{id}/decide', { state: 'rejected', reason: 'x' }, 'reviewer', 'review'],
    ['GET', '/api/keys', undefined, 'admin', 'open'],
    ['GET', '/api/keys?app={id}', undefined, 'admin', 'asked'],
    ['POST', '/api/keys', { app_id: 'support', name: 'x' }, 'admin', 'open'],
    ['POST', '/api/keys', { app_id: 'sales', name: 'x' }, 'admin', 'open'],
    ['POST', '/api/keys/{id}/rotate', {}, 'admin', 'key'],
    ['POST', '/api/keys/{id}/expire', { expires_at: '2027-01-01T00:00:00Z' }, 'admin', 'key'],
    ['POST', '/api/keys/{id}/revoke', {}, 'admin', 'key'],
  ];

/** Object → what it is, and whose. */
const OBJECTS: Readonly<Record<string, readonly [kind: Kind, app: 'support' | 'sales'] | undefined>> = {
  support: ['app', 'support'],
  sales: ['app', 'sales'],
  r1: ['event', 'support'],
  'r-sales': ['event', 'sales'],
  c1: ['review', 'support'],
  'c-sales': ['review', 'sales'],
  key_1: ['key', 'support'],
  key_sales: ['key', 'sales'],
  key_none: undefined,
  constructor: undefined,
  nothing: undefined,
  '..%2f..%2fme': undefined,
  '%00': undefined,
};

/** Two apps, each with an event, a held answer, a key and spend. */
function world() {
  const stored = [
    storedEvent('r1'),
    storedEvent('r-sales', { app_id: 'sales', model_requested: 'model-of-sales' }),
  ];
  const events: EventReader = {
    list: async (filter) => ({
      events: stored.filter((event) => eventMatcher(filter, Date.parse)(event)),
      complete: true,
      as_of: '2026-11-23T12:00:00.000Z',
    }),
    find: async (id) => stored.filter(({ request_id }) => request_id === id),
  };
  const usage = {
    usage: async (_from: string, _to: string, app?: string) =>
      ['support', 'sales']
        .filter((id) => (app ?? id) === id)
        .map((appId) => sampleRow({ appId, model: `model-of-${appId}` })),
  };
  const bench = consoleBench({ events, usage });
  const budget: Budget = {
    dailyMicros: 5,
    warnAt: [],
    onExceed: 'block',
    unknownPrice: 'pass',
    maxTokens: 9,
  };
  for (const id of ['support', 'sales']) bench.apps.set(id, { id, name: `App ${id}`, budget });
  for (const [id, appId] of [
    ['key_1', 'support'],
    ['key_sales', 'sales'],
  ] as const)
    bench.keys.set(id, {
      id,
      appId,
      prefix: 'kt_live_aaaa',
      name: appId,
      createdAt: '2026-11-01T00:00:00.000Z',
      budget,
    });
  bench.cases.set('c-sales', heldCase('c-sales', { appId: 'sales', model: 'model-of-sales' }));
  const state = () =>
    JSON.stringify([
      [...bench.apps],
      [...bench.keys],
      [...bench.cases].map(([id, { state: is, claim }]) => [id, is, claim]),
    ]);
  return { ...bench, state };
}

/** What the roles of the case say, without the code that is tested: the statuses an answer may have. */
function allowed(
  { ranks }: Principal,
  [, path, body, role, kind]: (typeof ENDPOINTS)[number],
  object: string,
): number[] {
  if (ranks === 'nobody') return [401];
  const best = Math.max(...Object.values(ranks));
  if (best < RANK[role]) return [403];
  const done = [200, 201, 400, 409];
  if (kind === 'everywhere') return ranks.everywhere >= RANK[role] ? done : [403];
  if (path === '/api/keys' && body !== undefined) {
    const { app_id } = body as { app_id: 'support' | 'sales' };
    return ranks[app_id] >= RANK[role] ? [201] : [400];
  }
  if (kind === 'open') return done;
  const [what, app] = OBJECTS[object] ?? [];
  const isWanted = what === kind || (kind === 'asked' && what === 'app');
  if (!isWanted || app === undefined)
    return ranks.everywhere > 0 && kind === 'asked' ? [200, 400] : [400, 404];
  if (ranks[app] === 0) return [404];
  // Nobody has claimed the case, so nobody may give it back.
  return ranks[app] >= RANK[role] && !path.endsWith('/unclaim') ? done : [403];
}

test('whoever asks for whatever of whichever app gets what the role there allows, and the task token never', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.values(PRINCIPALS)),
      fc.constantFrom(...ENDPOINTS),
      fc.constantFrom(...Object.keys(OBJECTS)),
      async (principal, endpoint, object) => {
        const [method, path, body] = endpoint;
        const { send, state, events } = world();
        const before = state();

        const response = await send(path.replace('{id}', object), {
          method,
          ...(principal.token !== undefined && { token: principal.token }),
          ...(body !== undefined && {
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
        });
        const text = await response.text();

        expect(allowed(principal, endpoint, object)).toContain(response.status);
        expect(text).not.toContain('secret-task-token');
        if (response.status >= 400) {
          expect([state(), events]).toEqual([before, []]);
          expect(Object.keys(JSON.parse(text) as object)).toEqual(['error']);
        }
        if (principal.ranks === 'nobody' || principal.ranks.sales === 0) {
          expect(text.replaceAll(object, '')).not.toMatch(/sales/);
          expect(state().match(/sales/g)).toEqual(before.match(/sales/g));
        }
        if (state() !== before) expect(events.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 3000 },
  );
}, 120_000);

test('a thing of a foreign app and a thing that is not there get the same answer', async () => {
  const { send } = world();
  const answers = async (paths: readonly string[]) =>
    Promise.all(
      paths.map(async (path) => {
        const response = await send(path, { token: TOKENS.supportAdmin });
        return [response.status, await response.text()];
      }),
    );

  const foreign = await answers(['/api/reviews/c-sales', '/api/spend?app=sales', '/api/keys?app=sales']);
  const absent = await answers(['/api/reviews/c-none', '/api/spend?app=none', '/api/keys?app=none']);

  expect(foreign).toEqual(absent);
});

test('an export of somebody with a few apps says which', async () => {
  const { send, events } = world();

  await send(`/api/exports?format=jsonl&${RANGE}`, { token: TOKENS.supportAdmin });
  await send('/api/spend?format=csv', { token: TOKENS.supportViewer });

  expect(events).toMatchObject([
    { app_id: '*', detail: 'apps=support,gone', export: { rows: 1 } },
    { app_id: 'support' },
  ]);
});
