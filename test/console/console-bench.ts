import { formatKey, hashKey } from '#core/auth/app-key.ts';
import { createEmitter } from '#core/ledger/chain.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { actRecorder, plainEvent } from '#core/ledger/plain-event.ts';
import type { ConsoleToken, EventFilter } from '#core/ports.ts';
import { createConsole } from '../../lib/console/app.ts';
import type { ConsoleOptions, ConsolePorts } from '../../lib/console/ports.ts';
import { actOnReview } from '../../lib/review/act-on-review.ts';
import { sampleRow } from '../contracts/sample-records.ts';
import { heldCase, reviewBench } from '../review/memory-desk.ts';
import { consolePack, consoleWorld } from './console-world.ts';

const NOON = Date.parse('2026-11-23T12:00:00.000Z');

const origin = {
  environment: 'test',
  version: '1.2.3',
  pack: 'dify@1',
  packHash: 'active',
  costTags: (app: string) => ({ app }),
};

/** A token as people hold it; the same seed gives the same one. */
export function consoleToken(seed: number): string {
  return formatKey(new Uint8Array(20).fill(seed), 'console');
}

export const TOKENS = {
  viewer: consoleToken(1),
  reviewer: consoleToken(2),
  admin: consoleToken(3),
  other: consoleToken(4),
  supportViewer: consoleToken(11),
  supportReviewer: consoleToken(12),
  supportAdmin: consoleToken(13),
  ofNothing: consoleToken(14),
  gateway: formatKey(new Uint8Array(20).fill(6), 'gateway'),
};

const PEOPLE: Record<string, ConsoleToken> = {
  [hashKey(TOKENS.viewer)]: { subject: 'vic', role: 'viewer' },
  [hashKey(TOKENS.reviewer)]: { subject: 'rae', role: 'reviewer' },
  [hashKey(TOKENS.admin)]: { subject: 'ada', role: 'admin', expiresAt: '2026-11-24T00:00:00.000Z' },
  [hashKey(TOKENS.gateway)]: { subject: 'office', role: 'gateway' },
  [hashKey(TOKENS.other)]: { subject: 'rob', role: 'reviewer' },
  [hashKey(TOKENS.supportViewer)]: { subject: 'sue', role: 'viewer', apps: ['support'] },
  [hashKey(TOKENS.supportReviewer)]: { subject: 'sam', role: 'reviewer', apps: ['support'] },
  [hashKey(TOKENS.supportAdmin)]: { subject: 'sid', role: 'admin', apps: ['support', 'gone'] },
  [hashKey(TOKENS.ofNothing)]: { subject: 'ned', role: 'admin', apps: [] },
  [hashKey(consoleToken(5))]: { subject: 'old', role: 'admin', expiresAt: '2026-11-23T11:59:59.999Z' },
};

export function storedEvent(requestId: string, over: Partial<LedgerEvent> = {}): LedgerEvent {
  const facts = {
    at: '2026-11-23T11:00:00.000Z',
    type: 'review.decided',
    requestId,
    appId: 'support',
    keyId: 'key_1',
    auth: 'console',
    route: '/v1/chat/completions',
  } as const;
  return { ...createEmitter('e').seal(plainEvent(origin, `event-of-${requestId}`, facts)), ...over };
}

/** The console over fakes: one held case, one event, everything it was asked for kept in lists. */
export function consoleBench(over: Partial<ConsolePorts> = {}, options: Partial<ConsoleOptions> = {}) {
  const review = reviewBench();
  const { world, apps, keys } = consoleWorld();
  apps.set('support', { id: 'support', name: 'Support bot', costCenter: 'cc-7' });
  const filters: EventFilter[] = [];
  const lookups: string[] = [];
  const usageCalls: unknown[] = [];
  const reported: LedgerEvent[] = [];
  review.cases.set('c1', heldCase('c1'));
  review.tokens.set('c1', 'secret-task-token');
  const ports: ConsolePorts = {
    keys: {
      findToken: async (hash) => {
        lookups.push(hash);
        return PEOPLE[hash];
      },
    },
    events: {
      list: async (filter) => {
        filters.push(filter);
        const as_of = '2026-11-23T12:00:00.000Z';
        if (filter.cursor === 'more') return { events: [storedEvent('r0')], complete: true, as_of };
        return {
          events: [storedEvent('r1')],
          next: 'more',
          complete: false,
          as_of,
        };
      },
      find: async (id) => (id === 'r1' ? [storedEvent('r1')] : []),
    },
    sink: {
      send: async (event) => {
        reported.push(event);
        return { tier: 'queue' };
      },
    },
    usage: {
      usage: async (...call) => {
        usageCalls.push(call);
        return [
          sampleRow({ day: '2026-11-22', calls: 2, blocked: 1, input: 10, output: 5, costMicros: 7 }),
          sampleRow({ unpriced: 1 }),
        ];
      },
    },
    reviews: review.ports.desk,
    decide: (request) => actOnReview(review.ports, request),
    apps: async () => [...apps.values()],
    ...world,
    record: actRecorder({
      ids: { next: () => 'view' },
      emitter: createEmitter('console'),
      origin,
      events: {
        send: async (event) => {
          review.events.push(event);
          return { tier: 'queue' };
        },
      },
    }),
    clock: { now: () => NOON },
    log: review.ports.log,
    ...over,
  };
  const settings = { environment: 'test', version: '1.2.3', pack: consolePack, ...options };
  const app = createConsole(ports, settings);

  function send(path: string, init: RequestInit & { token?: string } = {}): Promise<Response> {
    const { token, headers, ...rest } = init;
    const authorization = token ? { authorization: `Bearer ${token}` } : {};
    const request = new Request(`http://console.test${path}`, {
      headers: { ...authorization, ...headers },
      ...rest,
    });
    return app(request, { deadline: NOON + 30_000 });
  }

  function decide(token: string, body: unknown, id = 'c1'): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return send(`/api/reviews/${id}/decide`, { token, method: 'POST', headers, body: JSON.stringify(body) });
  }

  return {
    ...review,
    ports,
    options: settings,
    app,
    send,
    decide,
    filters,
    lookups,
    usageCalls,
    reported,
    apps,
    keys,
  };
}
