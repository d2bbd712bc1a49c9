import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Announcements } from './announcements.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { DataStack } from './data-stack.ts';
import { type House, HouseFunction } from './house-function.ts';
import type { ReviewDesk } from './review-desk.ts';

export interface SweepProps {
  readonly house: House;
  readonly data: DataStack;
  readonly trail: AuditTrail;
  readonly reviews: ReviewDesk;
  readonly announcements: Announcements;
}

/** Every minute: a call that began and never ended gets its one final record, a review that its machine lost is closed. */
export class Sweep extends Construct {
  readonly sweeper: HouseFunction<'sweeper'>;

  constructor(scope: Construct, id: string, props: SweepProps) {
    super(scope, id);
    const { house, data, trail, reviews, announcements } = props;
    this.sweeper = new HouseFunction(this, 'Sweeper', 'sweeper', {
      house,
      description: 'Gives lost calls their final record, closes lost reviews',
      variables: {
        STATE_TABLE: data.state.table.tableName,
        CONTENT_TABLE: data.content.table.tableName,
        EVENT_QUEUE_URL: trail.queue.queueUrl,
        REVIEW_MACHINE_ARN: reviews.machine.stateMachineArn,
        REVIEW_DECIDE_FUNCTION: reviews.decide.functionName,
        EVENT_BUS: announcements.bus.eventBusName,
      },
      timeout: Duration.seconds(50), // over before the next run begins
    });
    data.state.grantRead(this.sweeper);
    data.state.grantReadTokens(this.sweeper); // whether there is one
    data.state.grantList(this.sweeper);
    data.state.grantPostpone(this.sweeper);
    data.state.grantExpire(this.sweeper);
    data.content.grantRead(this.sweeper);
    reviews.grantStart(this.sweeper);
    reviews.grantDecide(this.sweeper);
    trail.grantSend(this.sweeper);
    announcements.grantAnnounce(this.sweeper, 'Review Decided', 'Review Expired');
    new Rule(this, 'EveryMinute', {
      description: 'Looks for calls that never ended',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(this.sweeper, { retryAttempts: 0 })],
    });
  }
}
