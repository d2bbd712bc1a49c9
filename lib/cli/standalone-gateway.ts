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

export async function openStandaloneGateway(
  pack: Pack,
  folder: string,
  { log, terminal }: { log: Log; terminal: Terminal },
): Promise<StandaloneGateway> {
  const paths = statePaths(folder);
  const deployment = deploymentOf(pack, terminal);
  const { sink, record, close } = await openRecord(folder, originOf(deployment), log);
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
      acceptProviderKey: acceptsProviderKey(pack),
      allowLoopbackTargets: true,
      ...(baseUrl ? { baseUrlOverride: baseUrl } : {}),
    },
  );
  await reviews.flow.adopt();
  const sweeper = sweepLostCalls(paths.journal, { sink, origin: originOf(deployment), log });
  return {
    app,
    async close() {
      reviews.flow.close();
      await sweeper.close();
      await close();
    },
  };
}

function deploymentOf(pack: Pack, { version }: Terminal): GatewayDeployment {
  const prices = compilePrices(pack.targets, new Date(wallClock.now()));
  return { environment: STANDALONE, version, pack, prices, apps: [], costTags: {} };
}
