import { join } from 'node:path';
import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import { openDurableMap } from '../durable-map.ts';
import { type Operation, operation, type Service } from '../operation.ts';
import { checkAttributes, type QueueAttributes, redriveOf, withDefaults } from './queue-attributes.ts';
import type { QueueJournal } from './queue-journal.ts';
import { queueName } from './queue-name.ts';
import { Queues } from './queues.ts';
import { receiveOperations } from './receive.ts';
import { sendOperations } from './send.ts';

export interface SqsOptions {
  /** Folder of the journal; undefined = in memory. */
  readonly dataDir: string | undefined;
  readonly region: string;
  readonly account: string;
  /** Base of queue URLs, known once the server listens. */
  readonly endpoint: () => string;
}

const strings = z.record(z.string(), z.string());
const byUrl = z.object({ QueueUrl: z.string() });
const CreateQueue = z.object({
  QueueName: z.string().regex(/^[A-Za-z0-9_-]{1,80}(\.fifo)?$/),
  Attributes: strings.default({}),
  tags: strings.default({}),
});

/** SQS: standard queues whose acknowledged messages survive `kill -9`. */
export async function sqsService(options: SqsOptions): Promise<Service> {
  const { dataDir, region, account } = options;
  const journal: QueueJournal = await openDurableMap({
    file: dataDir === undefined ? undefined : join(dataDir, 'sqs.jsonl'),
  });
  const queues = new Queues(journal, `arn:aws:sqs:${region}:${account}:`);
  const closing = new AbortController();
  const urlOf = (name: string): string => `${options.endpoint()}/${account}/${name}`;
  return {
    target: 'AmazonSQS',
    operations: {
      ...queueOperations(queues, urlOf),
      ...attributeOperations(queues),
      ...sendOperations(queues),
      ...receiveOperations(queues, closing.signal),
    },
    async close() {
      closing.abort();
      await journal.close();
    },
  };
}

function queueOperations(queues: Queues, urlOf: (name: string) => string): Record<string, Operation> {
  return {
    CreateQueue: operation(CreateQueue, async ({ QueueName, Attributes, tags }) => {
      if (QueueName.endsWith('.fifo')) checkAttributes({ FifoQueue: 'true' });
      checkAttributes(Attributes);
      await queues.create(QueueName, Attributes, tags);
      return { QueueUrl: urlOf(QueueName) };
    }),
    GetQueueUrl: operation(z.object({ QueueName: z.string() }), ({ QueueName }) => {
      return { QueueUrl: urlOf(queues.find(QueueName).name) };
    }),
    ListQueues: operation(z.object({ QueueNamePrefix: z.string().default('') }), ({ QueueNamePrefix }) => {
      const names = queues.names().filter((name) => name.startsWith(QueueNamePrefix));
      return names.length === 0 ? {} : { QueueUrls: names.map(urlOf) };
    }),
    ListDeadLetterSourceQueues: operation(byUrl, ({ QueueUrl }) => {
      const target = queues.arnOf(queues.find(queueName(QueueUrl)).name);
      const sources = queues.names().filter((name) => deadLetterArn(queues, name) === target);
      return { queueUrls: sources.map(urlOf) };
    }),
    DeleteQueue: operation(byUrl, ({ QueueUrl }) => queues.drop(queueName(QueueUrl))),
    PurgeQueue: operation(byUrl, ({ QueueUrl }) => queues.purge(queueName(QueueUrl))),
    StartMessageMoveTask: operation(
      z.object({ SourceArn: z.string(), DestinationArn: z.string().optional() }),
      ({ SourceArn, DestinationArn }) => redrive(queues, SourceArn, DestinationArn),
    ),
  };
}

function deadLetterArn(queues: Queues, name: string): string | undefined {
  return redriveOf(queues.find(name).attributes)?.deadLetterTargetArn;
}

/** Moves dead letters back where they came from (or to one queue) before it answers. */
async function redrive(queues: Queues, sourceArn: string, targetArn?: string): Promise<object> {
  const source = queues.byArn(sourceArn);
  for (const message of source.messages()) {
    const target = targetArn ?? message.deadFrom;
    if (target === undefined) {
      throw new AwsError(
        'InvalidParameterValue',
        `message ${message.id} did not die elsewhere: name DestinationArn`,
      );
    }
    await queues.move([message], source, queues.byArn(target));
  }
  return { TaskHandle: Buffer.from(`${sourceArn}:${Date.now()}`).toString('base64') };
}

function attributeOperations(queues: Queues): Record<string, Operation> {
  const Get = byUrl.extend({ AttributeNames: z.array(z.string()).default([]) });
  const Change = byUrl.extend({ Attributes: strings });
  return {
    GetQueueAttributes: operation(Get, ({ QueueUrl, AttributeNames }) => {
      const all = describe(queues, queueName(QueueUrl));
      const names = AttributeNames.includes('All') ? Object.keys(all) : AttributeNames;
      const known = names.filter((name) => all[name] !== undefined);
      return { Attributes: Object.fromEntries(known.map((name) => [name, all[name]])) };
    }),
    SetQueueAttributes: operation(Change, async ({ QueueUrl, Attributes }) => {
      checkAttributes(Attributes);
      await queues.setAttributes(queueName(QueueUrl), Attributes);
    }),
  };
}

function describe(queues: Queues, name: string): QueueAttributes {
  const queue = queues.find(name);
  const { visible, inFlight, delayed } = queue.counts(Date.now());
  const created = String(Math.floor(queue.createdAt / 1000));
  return {
    ...withDefaults(queue.attributes),
    QueueArn: queues.arnOf(name),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: created,
    LastModifiedTimestamp: created,
  };
}
