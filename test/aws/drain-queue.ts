import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { dynamoIntentStore } from '#aws/dynamo-intent-log.ts';
import { dynamoLedger } from '#aws/dynamo-ledger.ts';
import { recordBatch } from '#aws/record-batch.ts';
import type { Cloud } from './cloud.ts';

/** Bodies of everything in the queue, taken out of it. */
export async function drainQueue({ sqs, queueUrl }: Cloud): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    if (Messages.length === 0) return bodies;
    for (const { Body = '', ReceiptHandle } of Messages) {
      bodies.push(Body);
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    }
  }
}

/** Lets the recorder take what is in the queue; says how many messages there were. */
export async function recordQueue(cloud: Cloud): Promise<number> {
  const { client, tables } = cloud;
  const ports = {
    environment: tables.environment,
    ledger: dynamoLedger({ ...tables, client }),
    intents: dynamoIntentStore({ table: tables.stateTable, client }),
  };
  const bodies = await drainQueue(cloud);
  for (let at = 0; at < bodies.length; at += 10) {
    const outcomes = await recordBatch(ports, bodies.slice(at, at + 10));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }
  return bodies.length;
}
