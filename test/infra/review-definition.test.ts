import { expect, test } from '@jest/globals';
import aslValidator from 'asl-validator';
import jsonata from 'jsonata';
import { REVIEW_DEFINITION } from '#infra/review-definition.ts';

const { States } = REVIEW_DEFINITION;

test('the definition of a review is valid Amazon States Language', () => {
  const definition = JSON.parse(withArns(JSON.stringify(REVIEW_DEFINITION)));
  expect(aslValidator(definition).errors).toEqual([]);
});

test('the validator used here finds a step that leads nowhere', () => {
  const broken = JSON.parse(withArns(JSON.stringify(REVIEW_DEFINITION)));
  broken.States.AwaitDecision.Next = 'Nowhere';
  expect(aslValidator(broken).isValid).toBe(false);
});

test('every expression of a review is JSONata', () => {
  const expressions = JSON.stringify(REVIEW_DEFINITION).match(/\{%.*?%\}/g) ?? [];
  expect(expressions.length).toBeGreaterThan(3);
  for (const expression of expressions) expect(() => jsonata(expression.slice(2, -2))).not.toThrow();
});

test('a review waits for as long as its input says and for no longer', async () => {
  const expression = jsonata(States.AwaitDecision.TimeoutSeconds.slice(2, -2));
  const bindings = { states: { input: { caseId: '01J', timeout_seconds: 90 } } };
  await expect(expression.evaluate({}, bindings)).resolves.toBe(90);
});

test('a wait that ends without a person is settled as expired', () => {
  expect(nextAfter('States.Timeout')).toBe('SettleExpired');
  expect(States.SettleExpired.Arguments.Payload.outcome).toBe('expired');
});

test('a person who was faster than the machine is not overruled', () => {
  expect(nextAfter('AlreadyDecided')).toBe('SettleDecided');
});

test('a review that cannot be opened is closed before the execution fails', () => {
  expect(nextAfter('Lambda.Unknown')).toBe('SettleFailed');
  expect(States.SettleFailed).toMatchObject({ Next: 'Failed' });
  expect(States.Failed.Type).toBe('Fail');
});

test('only the function that keeps tokens is handed one', () => {
  const tokens = JSON.stringify(REVIEW_DEFINITION).split('Task.Token').length - 1;
  expect(tokens).toBe(1);
  expect(States.AwaitDecision.Arguments.Payload.token).toContain('Task.Token');
});

/** Where the first matching catcher leads, as Step Functions chooses it. */
function nextAfter(error: string): string | undefined {
  const { Catch } = States.AwaitDecision;
  return Catch.find(({ ErrorEquals }) => ErrorEquals.includes(error) || ErrorEquals.includes('States.ALL'))
    ?.Next;
}

function withArns(text: string): string {
  return text.replaceAll(/\$\{(\w+)\}/g, 'arn:aws:lambda:eu-central-1:123456789012:function:$1');
}
