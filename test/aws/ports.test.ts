import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { dynamoBudgetBook } from '#aws/dynamo-budget-book.ts';
import { dynamoEventReader } from '#aws/dynamo-event-reader.ts';
import { dynamoIntentLog } from '#aws/dynamo-intent-log.ts';
import { dynamoKeyAdmin } from '#aws/dynamo-key-admin.ts';
import { dynamoKeyRing } from '#aws/dynamo-key-ring.ts';
import { dynamoLedger } from '#aws/dynamo-ledger.ts';
import { dynamoOpenCalls } from '#aws/dynamo-open-calls.ts';
import { dynamoRateStore } from '#aws/dynamo-rate-store.ts';
import { dynamoReviewDesk } from '#aws/dynamo-review-desk.ts';
import { dynamoUsageReader } from '#aws/dynamo-usage-reader.ts';
import { keyUse } from '#aws/key-use.ts';
import { secretsManagerSecrets } from '#aws/secrets-manager-secrets.ts';
import { sqsEventSink } from '#aws/sqs-event-sink.ts';
import { budgetContract } from '../contracts/budgets.ts';
import { eventReaderContract } from '../contracts/event-reader.ts';
import { eventSinkContract } from '../contracts/event-sink.ts';
import { intentLogContract } from '../contracts/intent-log.ts';
import { keyRingContract } from '../contracts/key-ring.ts';
import { keyUseContract } from '../contracts/key-use.ts';
import { ledgerContract } from '../contracts/ledger.ts';
import { rateStoreContract } from '../contracts/rate-store.ts';
import { reviewDeskContract } from '../contracts/review-desk.ts';
import { secretsContract } from '../contracts/secrets.ts';
import { type Cloud, freshCloud } from './cloud.ts';
import { recordQueue } from './drain-queue.ts';

const TOMORROW = () => new Date(Date.now() + 86_400_000).toISOString();

function openIntents({ client }: Cloud) {
  return dynamoOpenCalls({ table: 'State', client }).lost(TOMORROW(), 1000);
}

keyRingContract('DynamoDB', async () => {
  const { client } = await freshCloud();
  const options = { table: 'State', client };
  // DynamoDB takes no key of this length: the whole transaction is refused.
  const ids = { next: () => 'x'.repeat(3000) };
  return {
    admin: dynamoKeyAdmin(options),
    ring: () => dynamoKeyRing(options),
    acts: async () => (await dynamoOpenCalls(options).acts(100)).map(({ facts }) => facts),
    withoutRecord: dynamoKeyAdmin({ ...options, ids }),
  };
});

keyUseContract('DynamoDB', async () => {
  const { client } = await freshCloud();
  const options = { table: 'State', client };
  return {
    admin: dynamoKeyAdmin(options),
    async saw(...events) {
      const note = keyUse(options);
      for (const event of events) await note(event);
    },
  };
});

secretsContract('Secrets Manager', async (values) => {
  const { endpoint } = await freshCloud();
  const client = new SecretsManagerClient({ endpoint });
  const arns: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    const command = new CreateSecretCommand({ Name: `kt/test/${name}`, SecretString: value });
    arns[name] = (await client.send(command)).ARN ?? '';
  }
  return secretsManagerSecrets({ arns, client });
});

intentLogContract('DynamoDB', async () => {
  const cloud = await freshCloud();
  const log = dynamoIntentLog({ table: 'State', client: cloud.client, sqs: cloud.sqs });
  return { log, opened: () => openIntents(cloud) };
});

rateStoreContract('DynamoDB', async () => {
  const { client } = await freshCloud();
  return dynamoRateStore({ table: 'State', client });
});

budgetContract('DynamoDB', async () => {
  const { client, sqs, tables } = await freshCloud();
  return {
    book: dynamoBudgetBook({ table: 'State', client }),
    open: dynamoIntentLog({ table: 'State', client, sqs }).open,
    settle: dynamoLedger({ ...tables, client }).append,
  };
});

eventSinkContract('SQS and the recorder', async () => {
  const cloud = await freshCloud();
  const reader = dynamoEventReader({ ledgerTable: 'Ledger', client: cloud.client });
  return {
    sink: sqsEventSink({
      queueUrl: cloud.queueUrl,
      tables: cloud.tables,
      sqs: cloud.sqs,
      client: cloud.client,
    }),
    async stored(requestId) {
      await recordQueue(cloud);
      return reader.find(requestId);
    },
  };
});

ledgerContract('DynamoDB', async () => {
  const cloud = await freshCloud();
  const { client, tables } = cloud;
  const reader = dynamoEventReader({ ledgerTable: 'Ledger', client });
  const today = new Date().toISOString().slice(0, 10);
  return {
    ledger: dynamoLedger({ ...tables, client }),
    async open(intent) {
      await dynamoIntentLog({ table: 'State', client, sqs: cloud.sqs }).open(intent);
    },
    openIntents: async () => (await openIntents(cloud)).map(({ requestId }) => requestId),
    events: (requestId) => reader.find(requestId),
    usage: () => dynamoUsageReader({ table: 'State', client }).usage(today, today),
    quarantined: async () =>
      (await cloud.items('Ledger'))
        .filter(({ pk }) => String(pk).startsWith('QUARANTINE#'))
        .map(({ reason }) => String(reason)),
  };
});

eventReaderContract('DynamoDB', async () => {
  const { client, tables } = await freshCloud();
  const ledger = dynamoLedger({ ...tables, client });
  return {
    reader: dynamoEventReader({ ledgerTable: 'Ledger', client }),
    async add(event) {
      await ledger.append(event);
    },
  };
});

reviewDeskContract('DynamoDB', async () => {
  const { client } = await freshCloud();
  return dynamoReviewDesk({ stateTable: 'State', contentTable: 'Content', client });
});
