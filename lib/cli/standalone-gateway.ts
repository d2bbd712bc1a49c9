import { lazyBedrockRuntime } from '#aws/lazy-bedrock-runtime.ts';
import { lazyDetectors } from '#aws/lazy-detectors.ts';
import { ulidIds } from '#aws/ulid-ids.ts';
import type { App } from '#core/app.ts';
import { compilePrices } from '#core/cost/compile-prices.ts';
import { originOf } from '#core/ledger/origin.ts';
import { meteredSink } from '#core/metrics/meter-event.ts';
import { meteredApp } from '#core/metrics/metered-app.ts';
import type { Pack } from '#core/pack/pack.ts';
import type { Log, Metrics } from '#core/ports.ts';
import { createInputText } from '#core/text/build-views.ts';
import { guardedFetch } from '#egress/guarded-fetch.ts';
import { createGateway } from '#gateway/app.ts';
import type { GatewayDeployment } from '#gateway/ports.ts';
import { environmentSecrets } from '#local/environment-secrets.ts';
import { fileKeyRing } from '#local/file-key-ring.ts';
import { watchKeyUses } from '#local/key-uses.ts';
import type { SpanExporter } from '#local/span-exporter.ts';
import { tenantKey } from '#local/tenant-key.ts';
import { catalogue } from '#policies/catalogue.ts';
import { wallClock } from './source-options.ts';
import { openRecord } from './standalone-record.ts';
import { openReviews } from './standalone-reviews.ts';
import { STANDALONE, statePaths } from './standalone-state.ts';
import type { Terminal } from './terminal.ts';

/** The gateway with everything it needs from one machine. */
export interface StandaloneGateway {
  readonly app: App;
  /** After the last call ended: closes the journal. */
  close(): Promise<void>;
}

/** The provider's own key is accepted unless the pack says no: then only app keys are. */
export function acceptsProviderKey({ auth }: Pack): boolean {
  return auth.provider_key ?? true;
}

export interface StandaloneOptions {
  readonly folder: string;
  /** Asked once per call: a call keeps the pack it began with. */
  readonly deployment: () => GatewayDeployment;
  /** While it says so, no new call is taken. */
  readonly isFull: () => boolean;
  readonly metrics: Metrics;
  /** Undefined = nobody collects traces. */
  readonly spans: SpanExporter | undefined;
  readonly log: Log;
  readonly terminal: Terminal;
}

export async function openStandaloneGateway(options: StandaloneOptions): Promise<StandaloneGateway> {
  const { folder, deployment, isFull, metrics, spans, log, terminal } = options;
  const paths = statePaths(folder);
  const origin = originOf(deployment());
  const { sink, record, close } = await openRecord(folder, origin, log, isFull);
  const watched = watchKeyUses(sink, { path: paths.keyUses, log });
  const counted = meteredSink(watched, metrics, Date.parse);
  const reviews = openReviews(folder, { record, log, watches: false });
  const tenant = await tenantKey(paths.tenantKey);
  const baseUrl = terminal.env['OPENAI_BASE_URL']?.trim();
  const app = createGateway(
    {
      clock: wallClock,
      ids: ulidIds,
      keys: fileKeyRing(paths.keys),
      secrets: environmentSecrets(terminal.env),
      intents: sink,
      events: spans?.watch(counted) ?? counted,
      budgets: sink.book,
      reviews: reviews.desk,
      flow: reviews.flow,
      detectors: lazyDetectors(async () => (await import('#aws/cloud-detectors.ts')).cloudDetectors()),
      bedrock: lazyBedrockRuntime(async () => {
        const { bedrockRuntime } = await import('#aws/bedrock-runtime.ts');
        return bedrockRuntime();
      }),
      log,
      metrics,
      fetch: guardedFetch(),
    },
    {
      deployment,
      catalogue,
      buildInput: createInputText,
      emitterId: ulidIds.next(),
      tenantKey: async () => tenant,
      get acceptProviderKey() {
        return acceptsProviderKey(deployment().pack);
      },
      allowLoopbackTargets: true,
      ...(baseUrl ? { baseUrlOverride: baseUrl } : {}),
    },
  );
  return {
    app: meteredApp(app, metrics),
    async close() {
      await watched.close();
      await close();
    },
  };
}

/** One deployment per pack: prices are compiled when a pack comes into force, not on every call. */
export function deployments(pack: () => Pack, { version }: Terminal): () => GatewayDeployment {
  let active: GatewayDeployment | undefined;
  return () => {
    const now = pack();
    if (active?.pack === now) return active;
    const prices = compilePrices(now.targets, new Date(wallClock.now()));
    active = { environment: STANDALONE, version, pack: now, prices, apps: [], costTags: {} };
    return active;
  };
}
