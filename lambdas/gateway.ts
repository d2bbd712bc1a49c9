import { env } from 'node:process';
import { dynamoBudgetBook } from '#aws/dynamo-budget-book.ts';
import { dynamoIntentLog } from '#aws/dynamo-intent-log.ts';
import { dynamoKeyRing } from '#aws/dynamo-key-ring.ts';
import { dynamoRateStore } from '#aws/dynamo-rate-store.ts';
import { dynamoReviewDesk } from '#aws/dynamo-review-desk.ts';
import { dynamoUsageReader } from '#aws/dynamo-usage-reader.ts';
import { emfMetrics } from '#aws/emf-metrics.ts';
import { serveFunctionUrl } from '#aws/function-url.ts';
import { lambdaLog } from '#aws/lambda-log.ts';
import { lazyBedrockRuntime } from '#aws/lazy-bedrock-runtime.ts';
import { lazyDetectors } from '#aws/lazy-detectors.ts';
import { lazyReviewFlow } from '#aws/lazy-review-flow.ts';
import { secretsManagerSecrets } from '#aws/secrets-manager-secrets.ts';
import { sqsEventSink } from '#aws/sqs-event-sink.ts';
import { systemClock } from '#aws/system-clock.ts';
import { ulidIds } from '#aws/ulid-ids.ts';
import { meteredSink } from '#core/metrics/meter-event.ts';
import { meteredApp } from '#core/metrics/metered-app.ts';
import { profileName } from '#core/pack/inference-profiles.ts';
import { createInputText } from '#core/text/build-views.ts';
import { guardedFetch } from '#egress/guarded-fetch.ts';
import { readEnvironment } from '#env/functions.ts';
import { readDeployment } from '#env/read-deployment.ts';
import { createGateway } from '#gateway/app.ts';
import { catalogue } from '#policies/catalogue.ts';

const variables = readEnvironment('gateway', env);
const deployment = readDeployment();
const { STATE_TABLE, LEDGER_TABLE, CONTENT_TABLE, EVENT_QUEUE_URL } = variables;
const { INFERENCE_PROFILES = {}, INFERENCE_PROFILE_PREFIX = '' } = variables;
const { SECRET_ARNS, TENANT_KEY_ARN, REVIEW_MACHINE_ARN, DEDICATED_APP, OPENAI_BASE_URL } = variables;

const log = lambdaLog({ always: { function: 'gateway' } });
const metrics = emfMetrics({ environment: deployment.environment });
const tables = {
  environment: deployment.environment,
  ledgerTable: LEDGER_TABLE,
  stateTable: STATE_TABLE,
  retentionDays: deployment.retentionDays,
};
/** No pack can name this secret: names there have no space. */
const TENANT = 'tenant key';
const secrets = secretsManagerSecrets({ arns: { ...SECRET_ARNS, [TENANT]: TENANT_KEY_ARN } });

const app = createGateway(
  {
    clock: systemClock,
    ids: ulidIds,
    keys: dynamoKeyRing({ table: STATE_TABLE }),
    secrets,
    intents: dynamoIntentLog({ table: STATE_TABLE, queueUrl: EVENT_QUEUE_URL }),
    events: meteredSink(sqsEventSink({ queueUrl: EVENT_QUEUE_URL, tables, log }), metrics, Date.parse),
    reviews: dynamoReviewDesk({ stateTable: STATE_TABLE, contentTable: CONTENT_TABLE }),
    flow: lazyReviewFlow(async () => {
      const { sfnReviewFlow } = await import('#aws/sfn-review-flow.ts');
      return sfnReviewFlow({ machineArn: REVIEW_MACHINE_ARN });
    }),
    detectors: lazyDetectors(async () => (await import('#aws/cloud-detectors.ts')).cloudDetectors()),
    bedrock: lazyBedrockRuntime(async () => {
      const { bedrockRuntime } = await import('#aws/bedrock-runtime.ts');
      return bedrockRuntime();
    }),
    rates: dynamoRateStore({ table: STATE_TABLE }),
    budgets: dynamoBudgetBook({ table: STATE_TABLE }),
    usage: dynamoUsageReader({ table: STATE_TABLE }),
    log,
    metrics,
    fetch: guardedFetch(),
  },
  {
    deployment,
    catalogue,
    buildInput: createInputText,
    emitterId: ulidIds.next(),
    tenantKey: async () => (await secrets.get(TENANT)).reveal(),
    acceptProviderKey: variables.ACCEPT_PROVIDER_KEY,
    profileOf: (app, target) => {
      const id = INFERENCE_PROFILES[profileName(app, target)];
      return id && `${INFERENCE_PROFILE_PREFIX}${id}`;
    },
    allowLoopbackTargets: OPENAI_BASE_URL !== undefined,
    ...(OPENAI_BASE_URL === undefined ? {} : { baseUrlOverride: OPENAI_BASE_URL }),
    ...(DEDICATED_APP === undefined ? {} : { dedicatedApp: DEDICATED_APP }),
  },
);

/** The OpenAI-compatible gateway. */
export const handler = serveFunctionUrl(meteredApp(app, metrics), { log });
