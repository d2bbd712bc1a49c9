import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { checkedEnvironment, ofType, type Synthesized, synthesized } from './synthesized.ts';

let made: Synthesized;

beforeAll(() => {
  const environment = { ...checkedEnvironment('prod'), alarms: { email: 'oncall@example.org' } };
  made = synthesized('prod', { environment });
}, 120_000);

test('every alarm rings the topic', () => {
  const topic = made.app.getLogicalId(made.app.bell.topic.node.defaultChild as never);
  for (const alarm of ofType(made, 'AWS::CloudWatch::Alarm')) {
    expect(alarm.Properties['AlarmActions']).toEqual([{ Ref: topic }]);
  }
});

test('every alarm names a heading of the runbook that is there', () => {
  const runbook = readFileSync(join(process.cwd(), 'docs/runbook.md'), 'utf8');
  const anchors = [...runbook.matchAll(/^##+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!));
  const named = ofType(made, 'AWS::CloudWatch::Alarm').map(({ Properties }) =>
    String(Properties['AlarmDescription']),
  );
  for (const description of named) {
    const anchor = /docs\/runbook\.md#([a-z-]+)$/.exec(description)?.[1];
    expect(anchors).toContain(anchor);
  }
});

test('every function has an alarm of its own', () => {
  const watched = ofType(made, 'AWS::CloudWatch::Alarm').filter(
    ({ Properties }) => Properties['MetricName'] === 'Errors',
  );
  expect(watched).toHaveLength(ofType(made, 'AWS::Lambda::Function').length);
});

test('dead letters, late events, failed reviews, lost events and bypassed policies ring', () => {
  const metrics = ofType(made, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties['MetricName']);
  expect(metrics).toEqual(
    expect.arrayContaining([
      'ApproximateNumberOfMessagesVisible',
      'ApproximateAgeOfOldestMessage',
      'ExecutionsFailed',
      'ExecutionsTimedOut',
      'Bypassed',
      'CircuitOpened',
      'Unrecorded',
    ]),
  );
});

test('the logs of every gateway are searched for bypassed policies, those of every sender for lost events', () => {
  const filters = ofType(made, 'AWS::Logs::MetricFilter').map(
    ({ Properties }) => Properties as unknown as Filter,
  );
  const counting = (name: string) =>
    filters.filter((filter) => filter.MetricTransformations[0]?.MetricName === name);
  expect(counting('Bypassed')).toHaveLength(Object.keys(made.app.gateways).length);
  expect(counting('Unrecorded')).toHaveLength(Object.keys(made.app.gateways).length + 4);
  expect(counting('Unrecorded')[0]!.FilterPattern).toBe(
    '?"event stored nowhere" ?"event could not be stored"',
  );
});

test('the topic lets CloudWatch of this account publish, over TLS only', () => {
  const [policy] = ofType(made, 'AWS::SNS::TopicPolicy');
  const { Statement } = policy!.Properties['PolicyDocument'] as { Statement: unknown[] };
  expect(Statement).toContainEqual(
    expect.objectContaining({
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    }),
  );
  expect(Statement).toContainEqual(
    expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
  );
});

test('the address of the environment file is subscribed', () => {
  const [subscription] = ofType(made, 'AWS::SNS::Subscription');
  expect(subscription!.Properties).toMatchObject({ Protocol: 'email', Endpoint: 'oncall@example.org' });
});

interface Filter {
  readonly FilterPattern: string;
  readonly MetricTransformations: readonly { readonly MetricName: string }[];
}

/** As GitHub makes them. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}
