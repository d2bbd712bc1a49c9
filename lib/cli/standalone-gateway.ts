import { ulidIds } from '#aws/ulid-ids.ts';
import type { App } from '#core/app.ts';
import { compilePrices } from '#core/cost/compile-prices.ts';
import { originOf } from '#core/ledger/origin.ts';
import type { Pack } from '#core/pack/pack.ts';
import type { Log } from '#core/ports.ts';
import { createInputText } from '#core/text/build-views.ts';
import { createGateway } from '#gateway/app.ts';
import type { GatewayDeployment } from '#gateway/ports.ts';
import { environmentSecrets } from '#local/environment-secrets.ts';
import { fileKeyRing } from '#local/file-key-ring.ts';
import { tenantKey } from '#local/tenant-key.ts';
import { catalogue } from '#policies/catalogue.ts';
import { wallClock } from './source-options.ts';
import { openRecord } from './standalone-record.ts';
import { openReviews } from './standalone-reviews.ts';
import { STANDALONE, statePaths } from './standalone-state.ts';
import { sweepLostCalls } from './standalone-sweeper.ts';
import type { Terminal } from './terminal.ts';

/** The gateway with everything it needs from one machine. */
export interface StandaloneGateway {
  readonly app: App;
  /** After the last call ended: stops the watches and closes the journal. */
  close(): Promise<void>;
}

/** The provider's own key is accepted unless the pack says no: then only app keys are. */
export function acceptsProviderKey({ auth }: Pack): boolean {
  return auth.provider_key ?? true;
}

/** `pack` is asked once per call: a call keeps the pack it began with. */
export async function openStandaloneGateway(
  pack: () => Pack,
  folder: string,
  { log, terminal }: { log: Log; terminal: Terminal },
): Promise<StandaloneGateway> {
  const paths = statePaths(folder);
  const deployment = deployments(pack, terminal);
  const origin = originOf(deployment());
  const { sink, record, close } = await openRecord(folder, origin, log);
  const reviews = openReviews(folder, { record, log });
  const tenant = await tenantKey(paths.tenantKey);
  const baseUrl = terminal.env['OPENAI_BASE_URL']?.trim();
  const app = createGateway(
    {
      clock: wallClock,
      ids: ulidIds,
      keys: fileKeyRing(paths.keys),
      secrets: environmentSecrets(terminal.env),
      intents: sink,
      events: sink,
      reviews: reviews.desk,
      flow: reviews.flow,
      log,
    },
    {
      deployment,
      catalogue,
      buildInput: createInputText,
      emitterId: ulidIds.next(),
      tenantKey: async () => tenant,
      get acceptProviderKey() {
        return acceptsProviderKey(pack());
      },
      allowLoopbackTargets: true,
      ...(baseUrl ? { baseUrlOverride: baseUrl } : {}),
    },
  );
  await reviews.flow.adopt();
  const sweeper = sweepLostCalls(paths.journal, { sink, origin, log });
  return {
    app,
    async close() {
      reviews.flow.close();
      await sweeper.close();
      await close();
    },
  };
}

/** One deployment per pack: prices are compiled when a pack comes into force, not on every call. */
function deployments(pack: () => Pack, { version }: Terminal): () => GatewayDeployment {
  let active: GatewayDeployment | undefined;
  return () => {
    const now = pack();
    if (active?.pack === now) return active;
    const prices = compilePrices(now.targets, new Date(wallClock.now()));
    active = { environment: STANDALONE, version, pack: now, prices, apps: [], costTags: {} };
    return active;
  };
}
