import { Stack } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { type EventBus, EventField, type IRuleTarget, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { ANNOUNCEMENT_SOURCE } from '#core/announce/announcement.ts';

export interface NoticeBoardProps {
  readonly bus: EventBus;
  readonly emails: readonly string[];
  /** Where a person can act on a notice. */
  readonly consoleUrl: string;
}

/** Every announcement as one line that a person reads, on a topic that people subscribe to. */
export class NoticeBoard extends Construct {
  readonly topic: Topic;
  private readonly rule: Rule;
  private readonly bus: EventBus;

  constructor(scope: Construct, id: string, { bus, emails, consoleUrl }: NoticeBoardProps) {
    super(scope, id);
    this.bus = bus;
    this.topic = new Topic(this, 'Topic', { displayName: 'Keeptrusts notices', enforceSSL: true });
    this.rule = new Rule(this, 'All', {
      eventBus: bus,
      description: 'Tells people what is announced',
      eventPattern: { source: [ANNOUNCEMENT_SOURCE] },
      targets: [this.line(consoleUrl)],
    });
    this.letRulePublish();
    for (const email of emails) this.topic.addSubscription(new EmailSubscription(email));
  }

  /** Announcements that the bus could not hand to the topic, after trying for a day. */
  metricUndelivered(options: MetricOptions): Metric {
    return new Metric({
      namespace: 'AWS/Events',
      metricName: 'FailedInvocations',
      dimensionsMap: { EventBusName: this.bus.eventBusName, RuleName: this.rule.ruleName },
      statistic: 'Sum',
      ...options,
    });
  }

  private line(consoleUrl: string): IRuleTarget {
    const [title, text] = ['$.detail.title', '$.detail.text'].map(EventField.fromPath);
    const input = RuleTargetInput.fromText(`${title}. ${text} ${consoleUrl}`);
    return { bind: () => ({ arn: this.topic.topicArn, input }) };
  }

  /** CDK's own target lets every rule of every account publish. */
  private letRulePublish(): void {
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        actions: ['sns:Publish'],
        principals: [new ServicePrincipal('events.amazonaws.com')],
        resources: [this.topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
          ArnEquals: { 'aws:SourceArn': this.rule.ruleArn },
        },
      }),
    );
  }
}
