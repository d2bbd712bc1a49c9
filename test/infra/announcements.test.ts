import { beforeAll, expect, test } from '@jest/globals';
import type { HouseFunction } from '#infra/house-function.ts';
import {
  actionsOf,
  checkedEnvironment,
  ofType,
  resourceOf,
  type Statement,
  type Synthesized,
  statementsOf,
  synthesized,
} from './synthesized.ts';

const EMAILS = ['reviewers@example.org', 'finance@example.org'];
let made: Synthesized;

beforeAll(() => {
  made = synthesized('prod', {
    environment: { ...checkedEnvironment('prod'), notifications: { email: EMAILS } },
  });
}, 120_000);

const logicalIdOf = (construct: { node: { defaultChild?: unknown } }) =>
  made.app.getLogicalId(construct.node.defaultChild as never);

/** The statements of a function that let it put events on a bus. */
function announcing(fn: HouseFunction<never>): Statement[] {
  return statementsOf(made, fn).filter((statement) => actionsOf(statement).includes('events:PutEvents'));
}

test('each function may announce what it knows, on our bus, in our name', () => {
  const { trail, reviews, sweep } = made.app;
  const bus = { 'Fn::GetAtt': [logicalIdOf(made.app.announcements.bus), 'Arn'] };
  const allowed = (fn: HouseFunction<never>) =>
    announcing(fn).map(({ Resource, Condition }) => {
      expect(Resource).toEqual(bus);
      const said = Condition?.['StringEquals'] as Record<string, unknown>;
      expect(said['events:source']).toBe('keeptrusts');
      return [said['events:detail-type']].flat();
    });

  expect(allowed(trail.recorder as never)).toEqual([['Budget Warning']]);
  expect(allowed(reviews.open as never)).toEqual([['Review Requested']]);
  expect(allowed(reviews.decide as never)).toEqual([['Review Requested']]);
  expect(allowed(reviews.settle as never)).toEqual([['Review Decided', 'Review Expired']]);
  expect(allowed(sweep.sweeper as never)).toEqual([['Review Decided', 'Review Expired']]);
});

test('no other function may announce anything', () => {
  const { gateways, console } = made.app;
  const others = [...Object.values(gateways).map((door) => door.function), console.function];
  expect(others.flatMap((fn) => announcing(fn as never))).toEqual([]);
  const able = ofType(made, 'AWS::IAM::Policy').filter((policy) =>
    JSON.stringify(policy).includes('events:PutEvents'),
  );
  expect(able).toHaveLength(5);
});

test('the functions that announce know the bus by its name', () => {
  const { trail, reviews, sweep, announcements } = made.app;
  for (const fn of [trail.recorder, reviews.open, reviews.decide, reviews.settle, sweep.sweeper]) {
    const { Variables } = resourceOf(made, fn).Properties['Environment'] as { Variables: object };
    expect(Variables).toMatchObject({ EVENT_BUS: { Ref: logicalIdOf(announcements.bus) } });
  }
  expect(resourceOf(made, announcements.bus).Properties['Name']).toBe('kt-prod');
});

test('what was announced can be played back for 30 days', () => {
  expect(ofType(made, 'AWS::Events::Archive').map(({ Properties }) => Properties)).toEqual([
    expect.objectContaining({ RetentionDays: 30, EventPattern: { source: ['keeptrusts'] } }),
  ]);
});

test('everything that is announced becomes one line on the topic, with the way to the console', () => {
  const rules = ofType(made, 'AWS::Events::Rule').filter(({ Properties }) => Properties['EventPattern']);
  expect(rules).toHaveLength(1);
  const { EventBusName, EventPattern, Targets } = rules[0]!.Properties as unknown as RuleProperties;
  expect(EventBusName).toEqual({ Ref: logicalIdOf(made.app.announcements.bus) });
  expect(EventPattern).toEqual({ source: ['keeptrusts'] });
  expect(Targets).toHaveLength(1);
  expect(Targets[0]!.Arn).toEqual({ Ref: logicalIdOf(made.app.notices.topic) });
  const { InputPathsMap, InputTemplate } = Targets[0]!.InputTransformer;
  expect(Object.values(InputPathsMap)).toEqual(['$.detail.title', '$.detail.text']);
  const consoleUrl = { 'Fn::GetAtt': [logicalIdOf(made.app.console.url), 'FunctionUrl'] };
  expect(InputTemplate).toEqual({ 'Fn::Join': ['', ['"<detail-title>. <detail-text> ', consoleUrl, '"']] });
});

test('only that rule may publish on the topic, and only over TLS', () => {
  const topic = logicalIdOf(made.app.notices.topic);
  const policy = ofType(made, 'AWS::SNS::TopicPolicy').find(({ Properties }) =>
    JSON.stringify(Properties['Topics']).includes(topic),
  );
  const { Statement } = policy!.Properties['PolicyDocument'] as { Statement: Statement[] };
  const allow = Statement.filter(({ Effect }) => Effect === 'Allow');
  expect(allow).toMatchObject([
    { Action: 'sns:Publish', Condition: { ArnEquals: { 'aws:SourceArn': expect.anything() } } },
  ]);
  expect(Statement).toContainEqual(
    expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
  );
});

test('the addresses of the environment file are subscribed to the notices', () => {
  const topic = logicalIdOf(made.app.notices.topic);
  const subscribed = ofType(made, 'AWS::SNS::Subscription').filter(
    ({ Properties }) => JSON.stringify(Properties['TopicArn']) === JSON.stringify({ Ref: topic }),
  );
  expect(subscribed.map(({ Properties }) => Properties['Endpoint'])).toEqual(EMAILS);
});

test('an announcement that fails, or that the topic does not get, rings', () => {
  const metrics = ofType(made, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties['MetricName']);
  expect(metrics).toEqual(expect.arrayContaining(['Unannounced', 'FailedInvocations']));
});

interface RuleProperties {
  readonly EventBusName: unknown;
  readonly EventPattern: unknown;
  readonly Targets: readonly {
    readonly Arn: unknown;
    readonly InputTransformer: {
      readonly InputPathsMap: Record<string, string>;
      readonly InputTemplate: unknown;
    };
  }[];
}
