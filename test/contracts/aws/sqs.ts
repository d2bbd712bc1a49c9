import { randomUUID } from 'node:crypto';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { clientConfig } from '../../support/services.ts';

/** What the product relies on of SQS, told through the real SDK client; `endpoint` is asked when the tests run. */
export function sqsContract(endpoint: () => string): void {
  let client: SQSClient;
  beforeAll(() => {
    client = new SQSClient(clientConfig(endpoint()));
  });
  afterAll(() => client.destroy());

  const create = async (Attributes: Record<string, string> = {}): Promise<string> => {
    const { QueueUrl } = await client.send(
      new CreateQueueCommand({ QueueName: `q-${randomUUID()}`, Attributes }),
    );
    return QueueUrl!;
  };
  const send = (QueueUrl: string, MessageBody: string, DelaySeconds?: number) =>
    client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody,
        ...(DelaySeconds === undefined ? {} : { DelaySeconds }),
      }),
    );
  const receive = async (QueueUrl: string, more: object = {}): Promise<Message[]> => {
    const input = {
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All' as const],
      ...more,
    };
    return (await client.send(new ReceiveMessageCommand(input))).Messages ?? [];
  };
  const attribute = async (QueueUrl: string, name: 'QueueArn' | 'ApproximateNumberOfMessagesNotVisible') => {
    const answer = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }));
    return answer.Attributes![name]!;
  };
  const deadLetterPair = async (): Promise<{ source: string; dead: string }> => {
    const dead = await create();
    const deadLetterTargetArn = await attribute(dead, 'QueueArn');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 });
    return { source: await create({ RedrivePolicy, VisibilityTimeout: '0' }), dead };
  };

  describe('SQS', () => {
    test('delivers a message with its attributes', async () => {
      const queue = await create();
      const MessageAttributes = {
        kind: { DataType: 'String', StringValue: 'event' },
        bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 255]) },
      };
      await client.send(
        new SendMessageCommand({
          QueueUrl: queue,
          MessageBody: 'ünï',
          MessageAttributes,
          MessageGroupId: 'app',
        }),
      );
      const [message] = await receive(queue, { MessageAttributeNames: ['All'] });
      expect(message?.Body).toBe('ünï');
      expect(message?.MessageAttributes?.['kind']?.StringValue).toBe('event');
      expect([...message!.MessageAttributes!['bytes']!.BinaryValue!]).toEqual([1, 2, 255]);
      expect(message?.Attributes).toMatchObject({ ApproximateReceiveCount: '1', MessageGroupId: 'app' });
    });

    test('computes the documented MD5 of attributes', async () => {
      const MessageAttributes = {
        b: { DataType: 'Number', StringValue: '7' },
        a: { DataType: 'String', StringValue: 'x' },
      };
      const sent = await client.send(
        new SendMessageCommand({ QueueUrl: await create(), MessageBody: 'm', MessageAttributes }),
      );
      expect(sent.MD5OfMessageAttributes).toBe('b2d3e75fac480b41d4a3622ee177669a');
    });

    test('hides a received message for the visibility timeout only', async () => {
      const queue = await create({ VisibilityTimeout: '1' });
      await send(queue, 'again');
      expect(await receive(queue)).toHaveLength(1);
      expect(await receive(queue)).toHaveLength(0);
      const [second] = await receive(queue, { WaitTimeSeconds: 3 });
      expect(second?.Attributes?.['ApproximateReceiveCount']).toBe('2');
    });

    test('deletes by receipt handle', async () => {
      const queue = await create({ VisibilityTimeout: '0' });
      await send(queue, 'once');
      const [message] = await receive(queue);
      await client.send(
        new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: message!.ReceiptHandle! }),
      );
      expect(await receive(queue)).toEqual([]);
    });

    test('deletes nothing by a receipt handle that a later receive replaced', async () => {
      const queue = await create({ VisibilityTimeout: '0' });
      await send(queue, 'kept');
      const [first] = await receive(queue);
      await receive(queue);
      await client.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: first!.ReceiptHandle! }));
      expect(await receive(queue)).toHaveLength(1);
    });

    test('waits for a message that comes later', async () => {
      const queue = await create();
      const waiting = receive(queue, { WaitTimeSeconds: 10 });
      const start = Date.now();
      await send(queue, 'late');
      expect(await waiting).toHaveLength(1);
      expect(Date.now() - start).toBeLessThan(5_000);
    });

    test('gives no message to a consumer that hung up', async () => {
      const queue = await create({ VisibilityTimeout: '30' });
      const abort = new AbortController();
      const input = { QueueUrl: queue, WaitTimeSeconds: 20 };
      const gone = client.send(new ReceiveMessageCommand(input), { abortSignal: abort.signal });
      setTimeout(() => abort.abort(), 100);
      await expect(gone).rejects.toThrow();
      await new Promise((resolve) => setTimeout(resolve, 100));
      await send(queue, 'for the living');
      expect(await receive(queue)).toHaveLength(1);
    });

    test('delays a message', async () => {
      const queue = await create();
      await send(queue, 'later', 1);
      expect(await receive(queue)).toHaveLength(0);
      expect(await receive(queue, { WaitTimeSeconds: 4 })).toHaveLength(1);
    });

    test('returns a message at once when its visibility is set to zero', async () => {
      const queue = await create();
      await send(queue, 'back');
      const [message] = await receive(queue);
      expect(await attribute(queue, 'ApproximateNumberOfMessagesNotVisible')).toBe('1');
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queue,
          ReceiptHandle: message!.ReceiptHandle!,
          VisibilityTimeout: 0,
        }),
      );
      expect(await receive(queue)).toHaveLength(1);
    });

    test('moves a message to the dead-letter queue after too many receives', async () => {
      const { source, dead } = await deadLetterPair();
      await send(source, 'poison');
      expect(await receive(source)).toHaveLength(1);
      expect(await receive(source)).toHaveLength(1);
      expect(await receive(source)).toHaveLength(0);
      const [message] = await receive(dead);
      expect(message?.Body).toBe('poison');
      expect(message?.Attributes?.['DeadLetterQueueSourceArn']).toBe(await attribute(source, 'QueueArn'));
    });

    test('moves dead letters back to where they came from', async () => {
      const { source, dead } = await deadLetterPair();
      await send(source, 'healed');
      for (let i = 0; i < 3; i++) await receive(source);
      await client.send(new StartMessageMoveTaskCommand({ SourceArn: await attribute(dead, 'QueueArn') }));
      expect((await receive(source))[0]?.Body).toBe('healed');
    });

    test('sends and deletes in batches, entry by entry', async () => {
      const queue = await create();
      const Entries = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: Id === 'b' ? '\u0000' : Id }));
      const sent = await client.send(new SendMessageBatchCommand({ QueueUrl: queue, Entries }));
      expect(sent.Successful?.map((entry) => entry.Id)).toEqual(['a', 'c']);
      expect(sent.Failed?.map((entry) => entry.Code)).toEqual(['InvalidMessageContents']);
      const received = await receive(queue);
      const deleted = await client.send(
        new DeleteMessageBatchCommand({
          QueueUrl: queue,
          Entries: received.map((message, i) => ({ Id: String(i), ReceiptHandle: message.ReceiptHandle! })),
        }),
      );
      expect(deleted.Successful).toHaveLength(2);
      expect(await attribute(queue, 'ApproximateNumberOfMessagesNotVisible')).toBe('0');
    });

    test('takes a megabyte', async () => {
      const queue = await create();
      await send(queue, 'x'.repeat(1_048_576));
      expect((await receive(queue))[0]?.Body).toHaveLength(1_048_576);
    });

    test('refuses more than a megabyte', async () => {
      await expect(send(await create(), 'x'.repeat(1_048_577))).rejects.toMatchObject({
        name: 'InvalidParameterValue',
      });
    });

    test('refuses a batch of eleven', async () => {
      const Entries = Array.from({ length: 11 }, (_, i) => ({ Id: String(i), MessageBody: 'm' }));
      const sending = client.send(new SendMessageBatchCommand({ QueueUrl: await create(), Entries }));
      await expect(sending).rejects.toMatchObject({
        name: expect.stringContaining('TooManyEntriesInBatchRequest'),
      });
    });

    test('finds a queue by name', async () => {
      const url = await create();
      const QueueName = url.slice(url.lastIndexOf('/') + 1);
      expect((await client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl).toBe(url);
      const { QueueUrls } = await client.send(new ListQueuesCommand({ QueueNamePrefix: QueueName }));
      expect(QueueUrls).toEqual([url]);
    });

    test('refuses a queue that does not exist', async () => {
      const asking = client.send(new GetQueueUrlCommand({ QueueName: 'nowhere' }));
      await expect(asking).rejects.toThrow('does not exist');
    });

    test('creates the same queue twice without complaint', async () => {
      const input = { QueueName: `q-${randomUUID()}`, Attributes: { VisibilityTimeout: '9' } };
      const first = await client.send(new CreateQueueCommand(input));
      expect((await client.send(new CreateQueueCommand(input))).QueueUrl).toBe(first.QueueUrl);
    });

    test('refuses a FIFO queue', async () => {
      const creating = client.send(
        new CreateQueueCommand({ QueueName: 'a.fifo', Attributes: { FifoQueue: 'true' } }),
      );
      await expect(creating).rejects.toThrow('standard queues only');
    });

    test('purges a queue', async () => {
      const queue = await create();
      await send(queue, 'gone');
      await client.send(new PurgeQueueCommand({ QueueUrl: queue }));
      expect(await receive(queue)).toEqual([]);
    });
  });
}
