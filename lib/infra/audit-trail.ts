import { Duration } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Announcements } from './announcements.ts';
import type { DataStack } from './data-stack.ts';
import { type House, HouseFunction } from './house-function.ts';
import { permit } from './permissions.ts';

const RECORDER_TIMEOUT = Duration.seconds(30);

export interface AuditTrailProps {
  readonly house: House;
  readonly data: DataStack;
  readonly announcements: Announcements;
}

/** Carries every event into the ledger, once: queue, recorder, and a queue for what cannot be recorded. */
export class AuditTrail extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly recorder: HouseFunction<'recorder'>;

  constructor(scope: Construct, id: string, props: AuditTrailProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14), // counted from the first enqueue, so longer than the queue's
    });
    this.queue = new Queue(this, 'Events', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(7),
      visibilityTimeout: Duration.seconds(6 * RECORDER_TIMEOUT.toSeconds()), // as SQS advises
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 5 },
    });
    this.recorder = this.addRecorder(props);
  }

  /** Lets a function hand in an event, and nothing else. */
  grantSend(grantee: IGrantable): void {
    permit(grantee, ['sqs:SendMessage'], [this.queue.queueArn]);
  }

  private addRecorder({ house, data, announcements }: AuditTrailProps): HouseFunction<'recorder'> {
    const { ledger, state } = data;
    const recorder = new HouseFunction(this, 'Recorder', 'recorder', {
      house,
      description: 'Writes events into the ledger, once each',
      variables: {
        LEDGER_TABLE: ledger.table.tableName,
        STATE_TABLE: state.table.tableName,
        EVENT_BUS: announcements.bus.eventBusName,
      },
      timeout: RECORDER_TIMEOUT,
      memory: 512,
    });
    recorder.addEventSource(new SqsEventSource(this.queue, { batchSize: 10, reportBatchItemFailures: true }));
    ledger.grantAppend(recorder);
    state.grantSettle(recorder);
    announcements.grantAnnounce(recorder, 'Budget Warning');
    return recorder;
  }
}
