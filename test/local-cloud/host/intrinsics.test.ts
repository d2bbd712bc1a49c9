// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes its references so
import { expect, test } from '@jest/globals';
import { type Names, NO_VALUE, resolve } from '../../../lib/local-cloud/template/intrinsics.ts';

const names: Names = {
  ref: (name) => (name === 'AWS::NoValue' ? NO_VALUE : `ref-${name}`),
  attribute: (id, name) => `${id}'s ${name}`,
  imported: (name) => `imported ${name}`,
  condition: (name) => name === 'Yes',
  mapped: (...path) => path.join('/'),
};

test.each([
  ['text', 'text'],
  [{ Ref: 'Table' }, 'ref-Table'],
  [{ 'Fn::GetAtt': ['Table', 'Arn'] }, "Table's Arn"],
  [{ 'Fn::GetAtt': 'Table.Stream.Arn' }, "Table's Stream.Arn"],
  [{ 'Fn::ImportValue': { 'Fn::Sub': 'x-${A}' } }, 'imported x-ref-A'],
  [{ 'Fn::Join': ['', ['{"a":"', { Ref: 'A' }, '"}', 1]] }, '{"a":"ref-A"}1'],
  [{ 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
  [{ 'Fn::Select': ['0', ['a', 'b']] }, 'a'],
  [{ 'Fn::Sub': 'a ${B} ${C.Arn} ${!D}' }, "a ref-B C's Arn ${D}"],
  [{ 'Fn::Sub': ['${B} ${C}', { B: { Ref: 'X' } }] }, 'ref-X ref-C'],
  [{ 'Fn::FindInMap': ['M', { Ref: 'K' }, 'S'] }, 'M/ref-K/S'],
  [{ 'Fn::If': ['Yes', { Ref: 'A' }, { Ref: 'B' }] }, 'ref-A'],
  [{ 'Fn::If': ['No', { Ref: 'A' }, 'b'] }, 'b'],
  [{ a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] }, { b: [1] }],
  [{ 'Fn::And': [{ 'Fn::Equals': ['a', 'a'] }, { 'Fn::Not': [{ Condition: 'No' }] }] }, true],
  [{ 'Fn::Or': [{ Condition: 'No' }, { 'Fn::Equals': [1, '2'] }] }, false],
  [
    { Ref: 'A', other: 1 },
    { Ref: 'A', other: 1 },
  ],
  [null, null],
])('%j is %j', (value, expected) => {
  expect(resolve(value, names)).toEqual(expected);
});

test.each([
  [{ 'Fn::Cidr': ['a'] }, 'the intrinsic function Fn::Cidr is not known here'],
  [{ a: [{ 'Fn::Transform': {} }] }, 'the intrinsic function Fn::Transform is not known here'],
  [{ 'Fn::Select': [5, ['a']] }, 'there is no element 5'],
  [{ 'Fn::Join': ['', [{ a: 1, b: 2 }]] }, 'a text is needed'],
  [{ 'Fn::Join': ['', 'abc'] }, 'a list is needed'],
  ['{{resolve:ssm:/x}}', 'dynamic references are not known here'],
])('%j is refused', (value, message) => {
  expect(() => resolve(value, names)).toThrow(message);
});
