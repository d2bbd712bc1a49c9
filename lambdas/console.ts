import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import process from 'node:process';
import { dynamoBudgetBook } from '#aws/dynamo-budget-book.ts';
import { dynamoEventReader } from '#aws/dynamo-event-reader.ts';
import { dynamoKeyAdmin } from '#aws/dynamo-key-admin.ts';
import { dynamoKeyRing } from '#aws/dynamo-key-ring.ts';
import { dynamoReviewDesk } from '#aws/dynamo-review-desk.ts';
import { dynamoUsageReader } from '#aws/dynamo-usage-reader.ts';
import { serveFunctionUrl } from '#aws/function-url.ts';
import { tokenUse } from '#aws/key-use.ts';
import { lambdaInvoke } from '#aws/lambda-invoke.ts';
import { lambdaLog } from '#aws/lambda-log.ts';
import { lazily } from '#aws/lazily.ts';
import { sqsEventSink } from '#aws/sqs-event-sink.ts';
import { systemClock } from '#aws/system-clock.ts';
import { ulidIds } from '#aws/ulid-ids.ts';
import { createConsole } from '#console/app.ts';
import { oidcIdentity } from '#console/identity/oidc.ts';
import { OidcSettings } from '#console/identity/settings.ts';
import { knownApps } from '#console/known-apps.ts';
import type { ConsolePorts } from '#console/ports.ts';
import { readPage } from '#console/web-assets.ts';
import { createEmitter } from '#core/ledger/chain.ts';
import { originOf } from '#core/ledger/origin.ts';
import { actRecorder } from '#core/ledger/plain-event.ts';
import { readEnvironment } from '#env/functions.ts';
import { readDeployment } from '#env/read-deployment.ts';

const env = readEnvironment('console', process.env);
const deployment = readDeployment();
const log = lambdaLog({ always: { function: 'console' } });
const events = sqsEventSink({ queueUrl: env.EVENT_QUEUE_URL, log });
const emitter = createEmitter(ulidIds.next());
const admin = dynamoKeyAdmin({ table: env.STATE_TABLE });
const CURSOR_KEY = 'cursor key';
const secrets = lazily(async () => {
  const { secretsManagerSecrets } = await import('#aws/secrets-manager-secrets.ts');
  return secretsManagerSecrets({ arns: { [CURSOR_KEY]: env.CURSOR_KEY_ARN } });
});

const ports: ConsolePorts = {
  keys: dynamoKeyRing({ table: env.STATE_TABLE }),
  tokenUsed: tokenUse({ table: env.STATE_TABLE, log }),
  ...(env.OIDC !== undefined && { identity: oidcIdentity(OidcSettings.parse(JSON.parse(env.OIDC))) }),
  events: dynamoEventReader({ ledgerTable: env.LEDGER_TABLE }),
  sink: events,
  usage: dynamoUsageReader({ table: env.STATE_TABLE }),
  reviews: dynamoReviewDesk({ stateTable: env.STATE_TABLE, contentTable: env.CONTENT_TABLE }),
  decide: (request) => lambdaInvoke(env.REVIEW_DECIDE_FUNCTION, request),
  apps: () => knownApps(deployment.apps, admin.listApps),
  admin,
  budgets: dynamoBudgetBook({ table: env.STATE_TABLE }),
  catalogue: async () => (await import('#policies/catalogue.ts')).catalogue,
  document: async (version) => (await import('#console/openapi/document.ts')).openApiDocument(version),
  ids: ulidIds,
  random: randomBytes,
  cursorKey: async () => (await secrets()).get(CURSOR_KEY),
  record: actRecorder({ ids: ulidIds, events, emitter, origin: originOf(deployment) }),
  clock: systemClock,
  log,
};
const { environment, version, pack } = deployment;
const page = readPage(join(import.meta.dirname, 'console'));
const gatewayUrls = env.GATEWAY_URLS ?? {};

/** The page and the API where people look and decide. */
export const handler = serveFunctionUrl(
  createConsole(ports, { environment, version, pack, page, gatewayUrls }),
  { log },
);
