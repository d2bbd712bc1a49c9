import OpenAI from 'openai';
import type { App as Door } from '#core/app.ts';
import { formatKey, hashKey } from '#core/auth/app-key.ts';
import { Key } from '#core/auth/key.ts';
import { compilePrices } from '#core/cost/compile-prices.ts';
import { LedgerEvent } from '#core/ledger/event.ts';
import { compilePack } from '#core/pack/compile.ts';
import type { Pack } from '#core/pack/pack.ts';
import type { Catalogue } from '#core/policy/policy.ts';
import type { App, AppKey, Intent } from '#core/ports.ts';
import { createInputText } from '#core/text/build-views.ts';
import { guardedFetch } from '#egress/guarded-fetch.ts';
import { createGateway } from '#gateway/app.ts';
import type { GatewayDeployment, GatewayOptions, GatewayPorts } from '#gateway/ports.ts';
import { serveHttp } from '#local/serve-http.ts';
import { catalogue as realCatalogue } from '#policies/catalogue.ts';
import { openFunctionUrl } from './function-door.ts';
import { type ScriptedUpstream, startUpstream } from './upstream.ts';

/** The pack of the seed page. */
const SEED_PACK = `
pack: { name: dify-gateway, version: "1.0" }
providers: [{ name: openai, model: gpt-4o, secret_key_ref: { env: OPENAI_API_KEY } }]
policies: { chain: [prompt-injection, pii-detector, safety-filter, quality-scorer] }
policy:
  prompt-injection: { action: block }
  pii-detector: { action: redact }
  safety-filter: { action: block }
  quality-scorer: { threshold: 0.6 }
`;

export const PROVIDER_KEY = 'sk-provider-canary-0123456789abcdef';

export interface TestGateway {
  readonly url: string;
  readonly apiKey: string;
  readonly upstream: ScriptedUpstream;
  readonly events: LedgerEvent[];
  readonly intents: Intent[];
  readonly lines: { message: string; fields: Record<string, unknown> }[];
  readonly client: OpenAI;
  post(body: unknown, headers?: Record<string, string>, path?: string): Promise<Response>;
  /** Resolves when that many events were stored. */
  stored(count: number): Promise<LedgerEvent[]>;
  close(): Promise<void>;
}

export interface TestOptions {
  readonly pack?: string;
  readonly catalogue?: Catalogue;
  readonly app?: Partial<App>;
  readonly key?: Partial<AppKey>;
  /** What the environment says of the app. */
  readonly declared?: Pick<App, 'budget' | 'limits'>;
  /** Dify app → the app it was stored with. */
  readonly difyApps?: Readonly<Record<string, string>>;
  readonly ports?: Partial<GatewayPorts>;
  readonly options?: Partial<GatewayOptions>;
  /** Targets are called at the base URLs of the pack, not at the one scripted provider. */
  readonly ownUrls?: boolean;
  readonly apps?: readonly GatewayDeployment['apps'][number][];
  /** Which door: node:http as `kt gateway run` has it (default), or the function URL of the local Lambda runtime. */
  readonly door?: 'http' | 'function';
  /** How long one call may take. */
  readonly callMs?: number;
  /** Something between the door and the gateway. */
  readonly wrap?: (app: Door) => Door;
}

function compile(text: string, catalogue: Catalogue = realCatalogue): Pack {
  const compiled = compilePack(text, 'test.yaml', catalogue);
  if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems, null, 1));
  return compiled.pack;
}

/** The gateway behind its HTTP door, with a scripted provider and stores in memory. */
export async function startGateway(given: TestOptions = {}): Promise<TestGateway> {
  const catalogue = given.catalogue ?? realCatalogue;
  const pack = compile(given.pack ?? SEED_PACK, catalogue);
  const upstream = await startUpstream();
  const events: LedgerEvent[] = [];
  const intents: Intent[] = [];
  const lines: TestGateway['lines'] = [];
  const apiKey = formatKey(crypto.getRandomValues(new Uint8Array(20)));
  const app: App = { id: 'hr-bot', name: 'HR bot', costCenter: 'cc-7', ...given.app };
  const key: AppKey = {
    id: 'key_1',
    appId: app.id,
    prefix: 'kt_live_test',
    name: 'test',
    createdAt: new Date(0).toISOString(),
    ...given.key,
  };
  let ids = 0;
  const ports: GatewayPorts = {
    clock: { now: () => Date.now() },
    ids: { next: () => `01TEST${String(ids++).padStart(20, '0')}` },
    keys: {
      findKey: async (hash) => (hash === hashKey(apiKey) ? { key, app } : undefined),
      findToken: async () => undefined,
      appOfDify: async (id) => given.difyApps?.[id],
    },
    secrets: { get: async () => new Key(PROVIDER_KEY) },
    intents: { open: async (intent) => void intents.push(intent) },
    events: {
      send: async (event) => {
        events.push(LedgerEvent.parse(event));
        return { tier: 'queue' };
      },
    },
    fetch: guardedFetch(),
    log: {
      info: (message, fields = {}) => void lines.push({ message, fields }),
      error: (message, fields = {}) => void lines.push({ message, fields }),
    },
    ...given.ports,
  };
  const gateway = createGateway(ports, {
    deployment: {
      environment: 'test',
      version: '0.0.0',
      pack,
      prices: compilePrices(pack.targets, new Date('2026-11-01T00:00:00Z')),
      apps: given.apps ?? [{ id: app.id, cost_center: 'cc-7', ...given.declared }],
      costTags: {},
    },
    catalogue,
    buildInput: createInputText,
    emitterId: 'emitter-1',
    tenantKey: async () => 'tenant-key-of-the-test',
    acceptProviderKey: false,
    allowLoopbackTargets: true,
    ...(given.ownUrls ? {} : { baseUrlOverride: upstream.url }),
    ...given.options,
  });
  const open = given.door === 'function' ? openFunctionUrl : openHttp;
  const door = await open(given.wrap?.(gateway) ?? gateway, given.callMs ?? 900_000);
  return {
    url: door.url,
    apiKey,
    upstream,
    events,
    intents,
    lines,
    client: new OpenAI({ apiKey, baseURL: `${door.url}/v1`, maxRetries: 0 }),
    post: (body, headers = {}, path = '/v1/chat/completions') =>
      fetch(`${door.url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async stored(count) {
      for (let waited = 0; events.length < count && waited < 5000; waited += 10) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return events;
    },
    async close() {
      await door.close();
      await upstream.close();
    },
  };
}

async function openHttp(app: Door, callMs: number) {
  const door = await serveHttp(app, { host: '127.0.0.1', port: 0, callMs });
  return { url: door.url, close: () => door.close(0) };
}

/** A chat request with one user message. */
export function chat(content: string, more: object = {}): { [key: string]: unknown } {
  return { model: 'gpt-4o', messages: [{ role: 'user', content }], ...more };
}

/** What a Dify-like client reads of a stream: the data frames, and the whole text as sent. */
export async function readStream(
  response: Response,
): Promise<{ raw: string; frames: Record<string, unknown>[]; text: string }> {
  const raw = await response.text();
  const frames = raw
    .split('\n\n')
    .filter((block) => block.startsWith('data: ') && block !== 'data: [DONE]')
    .map((block) => JSON.parse(block.slice(6)) as Record<string, unknown>);
  const text = frames
    .flatMap((frame) => (frame['choices'] as { delta?: { content?: string } }[] | undefined) ?? [])
    .map((choice) => choice.delta?.content ?? '')
    .join('');
  return { raw, frames, text };
}
