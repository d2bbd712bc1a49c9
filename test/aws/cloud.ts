import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach } from '@jest/globals';
import { createDocumentClient } from '#aws/dynamo-client.ts';
import { createSqsClient } from '#aws/sqs-client.ts';
import type { BusEvent } from '../../lib/local-cloud/contract.ts';
import { createLedgerTables, startTestServices } from '../support/services.ts';

// What Lambda gives every function; the embedded services accept any.
process.env['AWS_REGION'] = 'us-east-1';
process.env['AWS_ACCESS_KEY_ID'] = 'local';
process.env['AWS_SECRET_ACCESS_KEY'] = 'local';

/** A loopback port nobody listens on. */
export const NOWHERE = 'http://127.0.0.1:9';

export interface Cloud {
  readonly endpoint: string;
  readonly client: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly tables: {
    readonly environment: string;
    readonly ledgerTable: string;
    readonly stateTable: string;
    readonly retentionDays: number;
  };
  /** What was put on event buses. */
  readonly announced: readonly BusEvent[];
  /** Every item of a table. */
  items(table: 'Ledger' | 'State' | 'Content'): Promise<Record<string, unknown>[]>;
  /** Ends the services now: from here on nothing answers. */
  stop(): Promise<void>;
}

const running: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});

/** Services of its own with empty tables and an empty queue, until the end of the test. */
export async function freshCloud(): Promise<Cloud> {
  const announced: BusEvent[] = [];
  const { endpoint, close } = await startTestServices({ onBusEvent: (event) => announced.push(event) });
  const client = createDocumentClient(endpoint);
  const sqs = createSqsClient(endpoint);
  let open = true;
  const stop = async () => {
    if (!open) return;
    open = false;
    client.destroy();
    sqs.destroy();
    await close();
  };
  running.push(stop);

  await createLedgerTables(endpoint);
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'events' }));
  return {
    endpoint,
    client,
    sqs,
    queueUrl: QueueUrl,
    announced,
    tables: { environment: 'test', ledgerTable: 'Ledger', stateTable: 'State', retentionDays: 400 },
    items: async (table) => (await client.send(new ScanCommand({ TableName: table }))).Items ?? [],
    stop,
  };
}
