import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { fitEvent } from '#core/ledger/fit-event.ts';
import type { Clock, EventSink, Log } from '#core/ports.ts';
import { documentClient } from './dynamo-client.ts';
import { directPut } from './dynamo-direct-put.ts';
import { lambdaLog } from './lambda-log.ts';
import type { LedgerTables } from './ledger-writes.ts';
import { MAX_MESSAGE_BYTES, queueSend } from './queue-send.ts';
import { sqsClient } from './sqs-client.ts';
import { systemClock } from './system-clock.ts';

export interface EventSinkOptions {
  readonly queueUrl: string;
  /** Where an event is put while the queue is out of reach; undefined = straight to the log. */
  readonly tables?: LedgerTables;
  readonly log?: Log;
  readonly sqs?: SQSClient;
  readonly client?: DynamoDBDocumentClient;
  readonly clock?: Clock;
}

const PUT_MS = 1500;
/** One log line of CloudWatch may have 256 KB. */
const MAX_LINE_BYTES = 200_000;
const MESSAGE_ROOM = 1_000;

/** Events into the queue (two tries, 500 ms), else into the Ledger, else into the log as a line that can be replayed. Never throws. */
export function sqsEventSink(options: EventSinkOptions): EventSink {
  const { queueUrl, tables, sqs = sqsClient(), log = lambdaLog(), clock = systemClock } = options;
  const put = tables && directPut(options.client ?? documentClient(), tables);

  async function intoTable(event: LedgerEvent): Promise<void> {
    if (!put) throw new Error('this function writes no events into the table');
    await put(event, clock.now(), AbortSignal.timeout(PUT_MS));
  }

  function intoLog(event: LedgerEvent, queue: unknown, table: unknown): void {
    const where = { event_id: event.event_id, request_id: event.request_id };
    const replay = fitEvent(event, MAX_LINE_BYTES);
    log.error('event stored nowhere but in this line: send "replay" to the event queue', {
      ...where,
      queue,
      table,
      replay: { event: replay },
    });
  }

  return {
    async send(event) {
      let queueFailure: unknown;
      try {
        const message = { event: fitEvent(event, MAX_MESSAGE_BYTES - MESSAGE_ROOM) };
        await queueSend(sqs, queueUrl, message, event.app_id);
        return { tier: 'queue' };
      } catch (error) {
        queueFailure = error;
      }
      try {
        await intoTable(event);
        return { tier: 'table' };
      } catch (error) {
        intoLog(event, queueFailure, error);
        return { tier: 'log' };
      }
    },
  };
}
