import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface AlarmBellProps {
  readonly email?: string | undefined;
}

export interface Watch {
  readonly metric: IMetric;
  /** What is wrong when it rings. */
  readonly says: string;
  /** The heading of docs/runbook.md that says what to do. */
  readonly runbook: string;
  /** Rings at this value. @default 1 */
  readonly at?: number;
}

/** The period every alarm looks at. */
export const PERIOD = Duration.minutes(5);

/** One topic that every alarm of an environment rings; each alarm names its page of the runbook. */
export class AlarmBell extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { email }: AlarmBellProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName: 'Keeptrusts alarms', enforceSSL: true });
    this.letCloudWatchPublish();
    if (email) this.topic.addSubscription(new EmailSubscription(email));
  }

  /** Adds an alarm; silence of the metric is good news. */
  ringWhen(id: string, watch: Watch): void {
    const alarm = new Alarm(this, id, {
      metric: watch.metric,
      threshold: watch.at ?? 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `${watch.says} What to do: docs/runbook.md#${watch.runbook}`,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }

  /** A topic with a policy of its own loses the default one, which had allowed it. */
  private letCloudWatchPublish(): void {
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        actions: ['sns:Publish'],
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }
}
