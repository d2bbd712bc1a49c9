import { beforeAll, describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { AppKey } from '#core/ports.ts';
import { createSite } from '../../lib/console/app.ts';
import { sampleEvent } from '../contracts/sample-records.ts';
import { consoleBench, TOKENS } from './console-bench.ts';

interface Described {
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, unknown>> }>>;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly 'x-role'?: string;
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const key: AppKey = {
  id: 'key_1',
  appId: 'support',
  prefix: 'kt_live_aaaa',
  name: 'dify',
  createdAt: '2026-11-01T00:00:00.000Z',
  models: ['m'],
  budget: { dailyMicros: 5, warnAt: [50], onExceed: 'downgrade:m', unknownPrice: 'pass', maxTokens: 9 },
};

function world() {
  const bench = consoleBench({}, { gatewayUrls: { '*': 'https://g.example/' } });
  bench.keys.set('hash', key);
  bench.apps.set('support', {
    id: 'support',
    name: 'Support',
    budget: key.budget!,
    limits: { concurrent: 2 },
  });
  return bench;
}

let document: OpenApi;
beforeAll(async () => {
  const response = await world().send('/api/openapi.json', { token: TOKENS.viewer });
  document = (await response.json()) as OpenApi;
});

test('the document is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate({ ...structuredClone(document) });

  expect(result.errors).toBeUndefined();
  expect(result.valid).toBe(true);
  expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
});

test('it is shown to people who are signed in', async () => {
  const { send } = world();

  expect((await send('/api/openapi.json')).status).toBe(401);
});

test('every route of the console is in it, and nothing else', () => {
  const { ports, options } = world();
  const there = createSite(ports, options)
    .routes.filter(({ method, path }) => method !== 'ALL' && /^\/(api|v1)\//.test(path))
    .flatMap(({ method, path }) => namesOf(path).map((name) => `${method.toLowerCase()} ${name}`));
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method} ${path}`),
  );

  expect(described.sort()).toEqual([...new Set(there)].sort());
});

/** `/api/reviews/:id/:act{claim|unclaim}` → both. */
function namesOf(path: string): string[] {
  const [, before = '', choices = ''] = /^(.*)\/:\w+\{([\w|]+)\}$/.exec(path) ?? [];
  const paths = choices ? choices.split('|').map((choice) => `${before}/${choice}`) : [path];
  return paths.map((one) => one.replace(/:(\w+)/g, '{$1}'));
}

const json = (body: unknown) => ({
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});
const RANGE = 'from=2026-11-23T00:00:00Z';

/** An example for each operation; several where its answers differ in kind. */
const EXAMPLES: readonly (readonly [operation: string, path: string, init?: RequestInit])[] = [
  ['get /api/health', '/api/health'],
  ['get /api/config', '/api/config'],
  ['get /api/openapi.json', '/api/openapi.json'],
  ['get /api/me', '/api/me'],
  ['get /api/overview', '/api/overview?days=2&app=support'],
  ['get /api/events', '/api/events?limit=5&verdict=none'],
  ['get /api/events', '/api/events?limit=500'],
  ['get /api/events/{id}', '/api/events/r1'],
  ['get /api/events/{id}', '/api/events/nothing'],
  ['get /api/exports', `/api/exports?format=csv&${RANGE}`],
  ['get /api/exports', `/api/exports?format=jsonl&${RANGE}`],
  ['get /api/spend', '/api/spend'],
  ['get /api/spend', '/api/spend?by=app,day'],
  ['get /api/spend', '/api/spend?format=focus'],
  ['get /api/budgets', '/api/budgets'],
  ['get /api/apps', '/api/apps'],
  ['post /api/apps', '/api/apps', json({ id: 'made-here', name: 'Made', budget: { daily_micros: 5 } })],
  ['patch /api/apps/{id}', '/api/apps/support', json({ name: 'Other', limits: { concurrent: 3 } })],
  ['patch /api/apps/{id}', '/api/apps/nothing', json({ name: 'Other' })],
  ['get /api/keys', '/api/keys?app=support'],
  ['post /api/keys', '/api/keys', json({ app_id: 'support', name: 'dify' })],
  ['post /api/keys/{id}/rotate', '/api/keys/key_1/rotate', json({})],
  ['post /api/keys/{id}/expire', '/api/keys/key_1/expire', json({ expires_at: '2027-01-01T00:00:00Z' })],
  ['post /api/keys/{id}/revoke', '/api/keys/key_1/revoke', json({})],
  ['get /api/policies', '/api/policies'],
  ['post /api/policies/try', '/api/policies/try', json({ prompt: 'Write to ann@example.com', answer: 'ok' })],
  ['get /api/reviews', '/api/reviews?state=open'],
  ['get /api/reviews/{id}', '/api/reviews/c1'],
  ['post /api/reviews/{id}/claim', '/api/reviews/c1/claim'],
  ['post /api/reviews/{id}/unclaim', '/api/reviews/c1/unclaim'],
  ['post /api/reviews/{id}/decide', '/api/reviews/c1/decide', json({ state: 'approved', reason: 'fine' })],
  ['post /v1/events', '/v1/events', json({ events: [sampleEvent({ environment: 'elsewhere' }), { x: 1 }] })],
];

describe('what the document says of the answers', () => {
  test('has an example for every operation', () => {
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    );

    expect([...new Set(EXAMPLES.map(([operation]) => operation))].sort()).toEqual(described.sort());
  });

  test.each(EXAMPLES)(
    '%s: %s answers so, with no member that is not described',
    async (operation, path, init = {}) => {
      const { send } = world();
      const [method = '', described = ''] = operation.split(' ');
      const token = described.startsWith('/v1') ? TOKENS.gateway : TOKENS.admin;

      const response = await send(path, { ...init, method: method.toUpperCase(), token });

      const responses = document.paths[described]?.[method]?.responses ?? {};
      const said = responses[String(response.status)] ?? responses[`${String(response.status)[0]}XX`];
      const type = response.headers.get('content-type')?.split(';')[0] ?? '';
      expect(Object.keys(said?.content ?? {})).toContain(type);
      if (type !== 'application/json' || path.endsWith('openapi.json')) return;
      const check = validator(
        `/paths/${pointer(described)}/${method}/responses/${said === responses[String(response.status)] ? response.status : `${String(response.status)[0]}XX`}/content/application~1json/schema`,
      );
      check(await response.json());
      expect(check.errors).toBeNull();
    },
  );

  test.each(EXAMPLES)(
    '%s: %s is refused to a viewer where a stronger role is named, and nowhere else',
    async (operation, path, init = {}) => {
      const { send } = world();
      const [method = '', described = ''] = operation.split(' ');

      const { status } = await send(path, { ...init, method: method.toUpperCase(), token: TOKENS.viewer });

      const role = document.paths[described]?.[method]?.['x-role'];
      if (described.startsWith('/v1')) expect([status, role]).toEqual([401, undefined]);
      else expect([described, status === 403]).toEqual([described, role === 'reviewer' || role === 'admin']);
    },
  );

  test.each(EXAMPLES)('%s: %s is asked with described parameters only', (operation, path) => {
    const [method = '', described = ''] = operation.split(' ');
    const names = document.paths[described]?.[method]?.parameters
      .filter((one) => one.in === 'query')
      .map(({ name }) => name);

    for (const name of new URL(path, 'http://x').searchParams.keys()) expect(names).toContain(name);
  });
});

let ajv: Ajv2020 | undefined;

/** Checks against a part of the document, all its answers closed: a member that nobody described is a mistake. */
function validator(at: string): ValidateFunction {
  if (!ajv) {
    ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addSchema({ $id: 'https://console.test/openapi', ...(closed(document) as object) });
  }
  return ajv.compile({ $ref: `https://console.test/openapi#${at}` });
}

function pointer(path: string): string {
  return path.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D');
}

function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).map(([name, member]) => [name, closed(member)]);
  const made = Object.fromEntries(members) as Record<string, unknown>;
  const isObject = made['type'] === 'object' && made['properties'] && !('additionalProperties' in made);
  return isObject ? { ...made, additionalProperties: false } : made;
}
