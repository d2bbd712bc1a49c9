import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledgeLogDelivery } from './acknowledgements.ts';
import type { Announcements } from './announcements.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { DataStack } from './data-stack.ts';
import { type House, HouseFunction } from './house-function.ts';
import { permit } from './permissions.ts';
import { REVIEW_DEFINITION } from './review-definition.ts';

export interface ReviewDeskProps {
  readonly house: House;
  readonly data: DataStack;
  readonly trail: AuditTrail;
  readonly announcements: Announcements;
}

const TIMEOUT = Duration.seconds(30);

/** A held answer waits here for a person, and for no longer than it may. */
export class ReviewDesk extends Construct {
  readonly machine: StateMachine;
  readonly open: HouseFunction<'review-open'>;
  /** The only function that may resume a waiting review. */
  readonly decide: HouseFunction<'review-decide'>;
  readonly settle: HouseFunction<'review-settle'>;

  constructor(scope: Construct, id: string, { house, data, trail, announcements }: ReviewDeskProps) {
    super(scope, id);
    const bus = { EVENT_BUS: announcements.bus.eventBusName };
    const tables = { STATE_TABLE: data.state.table.tableName, CONTENT_TABLE: data.content.table.tableName };
    const variables = { ...tables, ...bus, EVENT_QUEUE_URL: trail.queue.queueUrl };
    this.open = new HouseFunction(this, 'Open', 'review-open', {
      house,
      description: 'Keeps the callback token of a review with its case, tells that it waits',
      variables: { ...tables, ...bus },
      timeout: TIMEOUT,
    });
    this.decide = new HouseFunction(this, 'Decide', 'review-decide', {
      house,
      description: 'Sets a decision, then resumes the review',
      variables,
      timeout: TIMEOUT,
    });
    this.settle = new HouseFunction(this, 'Settle', 'review-settle', {
      house,
      description: 'Records and tells how a review ended',
      variables,
      timeout: TIMEOUT,
    });
    this.machine = this.addMachine(house);
    this.grantCases(data, trail);
    announcements.grantAnnounce(this.open, 'Review Requested');
    announcements.grantAnnounce(this.decide, 'Review Requested'); // of one more person
    announcements.grantAnnounce(this.settle, 'Review Decided', 'Review Expired');
    permit(this.decide, ['states:SendTaskSuccess', 'states:SendTaskFailure'], [this.machine.stateMachineArn]);
  }

  /** Lets a function begin a review, and nothing else. */
  grantStart(grantee: IGrantable): void {
    permit(grantee, ['states:StartExecution'], [this.machine.stateMachineArn]);
  }

  /** Lets a function ask for a decision; it cannot resume a review itself. */
  grantDecide(grantee: IGrantable): void {
    permit(grantee, ['lambda:InvokeFunction'], [this.decide.functionArn]);
  }

  private grantCases({ state, content }: DataStack, trail: AuditTrail): void {
    for (const reviewer of [this.open, this.decide, this.settle]) {
      state.grantRead(reviewer);
      state.grantReview(reviewer);
      content.grantRead(reviewer);
    }
    state.grantKeepTokens(this.open);
    state.grantReadTokens(this.decide);
    content.grantWrite(this.decide); // an edited answer
    trail.grantSend(this.decide);
    trail.grantSend(this.settle);
  }

  private addMachine(house: House): StateMachine {
    const machine = new StateMachine(this, 'Machine', {
      comment: 'Keeptrusts: a held answer waits for a person',
      definitionBody: DefinitionBody.fromString(JSON.stringify(REVIEW_DEFINITION)),
      definitionSubstitutions: {
        ReviewOpen: this.open.functionArn,
        ReviewSettle: this.settle.functionArn,
      },
      tracingEnabled: true,
      // The data of a step holds the callback token: it does not belong into a log.
      logs: { destination: this.machineLogs(house), level: LogLevel.ALL, includeExecutionData: false },
    });
    permit(machine, ['lambda:InvokeFunction'], [this.open.functionArn, this.settle.functionArn]);
    acknowledgeLogDelivery(machine);
    return machine;
  }

  /** Step Functions writes to `/aws/vendedlogs/` without a resource policy of its own, of which an account has ten. */
  private machineLogs({ name, environment }: House): LogGroup {
    return new LogGroup(this, 'MachineLogs', {
      logGroupName: `/aws/vendedlogs/states/kt-${name}-review`,
      retention: environment.logs.retention_days,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
