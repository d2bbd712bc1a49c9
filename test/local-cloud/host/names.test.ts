// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes its references so
import { expect, test } from '@jest/globals';
import type { Stack, Template } from '../../../lib/local-cloud/template/assembly.ts';
import { declared, skippedTypes } from '../../../lib/local-cloud/template/declared.ts';
import { resolve } from '../../../lib/local-cloud/template/intrinsics.ts';
import { createRegistry, physicalName } from '../../../lib/local-cloud/template/names.ts';

const place = { endpoint: 'http://127.0.0.1:1', region: 'eu-west-1', account: '000000000000' };

function stackOf(name: string, template: Template): Stack {
  return { name, template, assets: new Map(), folder: '/none' };
}

const data = stackOf('data', {
  Resources: { Table: { Type: 'AWS::DynamoDB::Table' } },
  Outputs: { Out: { Value: { Ref: 'Table' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:table' } } } },
});
const app = stackOf('app', {
  Parameters: { Version: { Default: '/cdk/version' } },
  Mappings: { Sizes: { small: { memory: 128 } } },
  Conditions: { InEurope: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] } },
  Resources: {
    Role: { Type: 'AWS::IAM::Role' },
    Wanted: { Type: 'AWS::SQS::Queue', Condition: 'InEurope', Properties: { QueueName: { Ref: 'Nothing' } } },
  },
});

test('an import finds the output of another stack', () => {
  const registry = createRegistry([data, app], place);
  registry.set(data, 'Table', { ref: 'the-table', attributes: {} });

  expect(resolve({ 'Fn::ImportValue': 'data:table' }, registry.namesOf(app))).toBe('the-table');
});

test.each([
  [{ Ref: 'AWS::Region' }, 'eu-west-1'],
  [{ 'Fn::Sub': 'arn:${AWS::Partition}:x:${AWS::AccountId}' }, 'arn:aws:x:000000000000'],
  [{ Ref: 'Version' }, '/cdk/version'],
  [{ 'Fn::FindInMap': ['Sizes', 'small', 'memory'] }, 128],
  [{ 'Fn::If': ['InEurope', 1, 2] }, 1],
  [{ 'Fn::GetAtt': ['Role', 'Arn'] }, 'arn:aws:iam:eu-west-1:000000000000:app-Role'],
])('in a stack %j is %j', (value, expected) => {
  expect(resolve(value, createRegistry([data, app], place).namesOf(app))).toBe(expected);
});

test.each([
  [{ Ref: 'Nobody' }, 'app has no resource or parameter Nobody'],
  [{ Ref: 'AWS::Moon' }, 'the pseudo parameter AWS::Moon is not known here'],
  [{ 'Fn::ImportValue': 'x' }, 'no stack exports x'],
  [{ 'Fn::GetAtt': ['Role', 'RoleId'] }, 'app: Role has no attribute RoleId here'],
  [{ 'Fn::If': ['Never', 1, 2] }, 'app has no condition Never'],
  [{ 'Fn::FindInMap': ['Sizes', 'large', 'memory'] }, 'app has no mapping Sizes.large.memory'],
])('in a stack %j is refused', (value, message) => {
  expect(() => resolve(value, createRegistry([data, app], place).namesOf(app))).toThrow(message);
});

test('a property that cannot be resolved names its resource', () => {
  const [queue] = declared(createRegistry([app], place), 'AWS::SQS::Queue');

  expect(() => queue?.property('QueueName')).toThrow(
    'app/Wanted.QueueName: app has no resource or parameter Nothing',
  );
});

test('a resource whose condition is false is not there', () => {
  const elsewhere = createRegistry([app], { ...place, region: 'us-east-1' });

  expect(declared(elsewhere, 'AWS::SQS::Queue')).toEqual([]);
});

test('types without a stand-in are listed with their count', () => {
  expect(skippedTypes(createRegistry([data, app], place), ['AWS::SQS::Queue'])).toEqual([
    'DynamoDB::Table',
    'IAM::Role',
  ]);
});

test('a long name is cut and stays recognisable by its hash', () => {
  const name = physicalName(app, `${'A'.repeat(80)}1234ABCD`);

  expect(name).toHaveLength(64);
  expect(name).toMatch(/^app-A+-1234ABCD$/);
});
