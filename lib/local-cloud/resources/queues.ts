import { CreateQueueCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Place } from '../aws-clients.ts';
import { type Declared, declared } from '../template/declared.ts';
import { physicalName, type Registry } from '../template/names.ts';

export const QUEUE_TYPES = ['AWS::SQS::Queue'] as const;

/** CloudFormation's properties that are queue attributes by the same name. */
const ATTRIBUTES = [
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'VisibilityTimeout',
] as const;

/** Creates the queues that do not exist, dead letter queues before those that point to them. */
export async function createQueues(registry: Registry, sqs: SQSClient, place: Place): Promise<number> {
  const queues = declared(registry, ...QUEUE_TYPES);
  const named = queues.map((queue) => ({ queue, name: nameOf(queue) }));
  for (const { queue, name } of named) {
    const arn = `arn:aws:sqs:${place.region}:${place.account}:${name}`;
    registry.set(queue.stack, queue.logicalId, { ref: '', attributes: { Arn: arn, QueueName: name } });
  }
  const redrives = ({ queue }: (typeof named)[number]) =>
    queue.resource.Properties?.['RedrivePolicy'] ? 1 : 0;
  for (const { queue, name } of named.sort((a, b) => redrives(a) - redrives(b))) {
    const url = (await urlOf(sqs, name)) ?? (await create(sqs, name, queue));
    const attributes = registry.get(queue.stack, queue.logicalId)?.attributes ?? {};
    registry.set(queue.stack, queue.logicalId, { ref: url, attributes: { ...attributes, QueueUrl: url } });
  }
  return queues.length;
}

function nameOf({ stack, logicalId, property }: Declared): string {
  return String(property('QueueName') ?? physicalName(stack, logicalId, 80));
}

async function urlOf(sqs: SQSClient, QueueName: string): Promise<string | undefined> {
  try {
    return (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
  } catch (error) {
    if (error instanceof Error && /NonExistentQueue|QueueDoesNotExist/.test(error.name)) return undefined;
    throw error;
  }
}

async function create(sqs: SQSClient, QueueName: string, { property }: Declared): Promise<string> {
  const pairs = ATTRIBUTES.flatMap((name) => {
    const value = property(name);
    if (value === undefined) return [];
    return [[name, typeof value === 'object' ? JSON.stringify(value) : String(value)] as const];
  });
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName, Attributes: Object.fromEntries(pairs) }),
  );
  return QueueUrl ?? '';
}
