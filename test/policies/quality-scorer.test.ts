import { describe, expect, it } from '@jest/globals';
import { factsOf, inputOf, leaf } from './exchange.ts';
import { answerOf, judgeAnswer, policyOf, rulesOf } from './run.ts';

const KIND = 'quality-scorer';
const QUESTION =
  'How do I deploy a TypeScript function to AWS Lambda with the CDK, including environment variables, logging and alarms?';
const GOOD =
  'Install the CDK, create a stack with a NodejsFunction that points at your TypeScript entry, then run cdk deploy. ' +
  'The construct bundles the code with esbuild. Check the function in the Lambda console afterwards.';
const facts = factsOf(inputOf(QUESTION));
const score = (answer: Parameters<typeof judgeAnswer>[1], settings: object = {}, more = facts) =>
  judgeAnswer(KIND, answer, settings, more);

describe('quality-scorer', () => {
  it('gives a good answer the full score', () => {
    expect(score(GOOD)).toMatchObject({ action: 'allow', score: 1, findings: [] });
  });

  it.each([
    ['quality.empty', answerOf('  \n'), 0],
    ['quality.truncated', answerOf(GOOD, 'length'), 0.5],
    ['quality.loop', answerOf(`${'deploy the function again and again '.repeat(40)}.`), 0.3],
    ['quality.loop', answerOf('Please deploy the function.\n'.repeat(8)), 0.3],
    ['quality.refusal', answerOf("I'm sorry, but I can't help you deploy that function to Lambda."), 0.7],
    ['quality.template', answerOf(`Dear [insert name here], ${GOOD}`), 0.7],
    [
      'quality.unfinished',
      answerOf(
        `${GOOD} And then the next thing that you will want to do is to look at the function logs and`,
      ),
      0.8,
    ],
    ['quality.echo', answerOf(QUESTION), 0.3],
    [
      'quality.off_topic',
      answerOf(
        'Bananas grow mainly around warm southern islands; farmers usually harvest green fruit, which ripens later during transport across oceans.',
      ),
      0.7,
    ],
  ])('names the defect %s', (rule, answer, expected) => {
    const verdict = score(answer);
    expect(rulesOf(verdict)).toContain(rule);
    expect(verdict.score).toBeCloseTo(expected, 5);
  });

  it('flags below the threshold and not at it', () => {
    expect(score(answerOf(GOOD, 'length'), { threshold: 0.6 })).toMatchObject({
      action: 'flag',
      reason: 'quality.below_threshold',
    });
    expect(score(answerOf(GOOD, 'length'), { threshold: 0.5 }).action).toBe('allow');
  });

  it('blocks or escalates when asked to', () => {
    expect(score('', { action: 'block' }).action).toBe('block');
    expect(score('', { action: 'escalate' }).action).toBe('escalate');
  });

  it('asks for another answer below the threshold, and only there', () => {
    expect(score('', { action: 'retry' })).toMatchObject({ action: 'flag', retry: true, score: 0 });
    expect(score('', { action: 'retry', after_retry: 'block' })).toMatchObject({
      action: 'block',
      retry: true,
    });
    expect(score(GOOD, { action: 'retry' }).retry).toBeUndefined();
    expect(score('', { action: 'block' }).retry).toBeUndefined();
  });

  it('says what a retry needs and costs', () => {
    const policy = policyOf(KIND);
    const of = (settings: object) => policy.settings.parse(settings);
    expect(policy.needs(of({ action: 'retry' }))).toBe('whole');
    expect([policy.mayRetry?.(of({ action: 'retry' })), policy.mayRetry?.(of({}))]).toEqual([true, false]);
  });

  it('wants JSON where JSON was asked for', () => {
    const json = factsOf(inputOf(QUESTION), { structuredOutput: true });
    expect(rulesOf(score('{"steps": [', {}, json))).toEqual(['quality.format']);
    expect(score('{"steps": []}', {}, json).score).toBe(1);
  });

  it('scores the worst of several choices', () => {
    const answer = {
      fields: [
        { choice: 0, kind: 'content', text: GOOD },
        { choice: 1, kind: 'content', text: '' },
      ],
      finishReasons: ['stop', 'stop'],
    } as const;
    expect(score(answer)).toMatchObject({ action: 'flag', score: 0 });
  });

  it.each([
    ['the probe', answerOf(''), factsOf(inputOf('ping'), { probe: true })],
    [
      'a tool call',
      { fields: [{ choice: 0, kind: 'tool-arguments', text: '{}' }], finishReasons: ['tool_calls'] } as const,
      facts,
    ],
  ])('does not score %s', (_, answer, more) => {
    expect(score(answer, {}, more)).toMatchObject({ action: 'allow', findings: [] });
    expect(score(answer, {}, more).score).toBeUndefined();
  });

  it.each([
    [{ type: 'contains', value: 'cdk deploy' }, 1],
    [{ type: 'contains', value: 'CDK DEPLOY' }, 0],
    [{ type: 'contains', value: 'CDK DEPLOY', case_sensitive: false }, 1],
    [{ type: 'not-contains', value: 'esbuild' }, 0],
    [{ type: 'regex', value: 'cdk +deploy' }, 1],
    [{ type: 'is-json' }, 0],
    [{ type: 'min-length', value: 10_000 }, 0],
    [{ type: 'max-length', value: 10_000 }, 1],
  ])('checks the assertion %j', (assertion, expected) => {
    expect(score(GOOD, { assertions: [assertion] }).score).toBe(expected);
  });

  it('holds an answer back only when it could keep it', () => {
    const policy = policyOf(KIND);
    expect(policy.needs(policy.settings.parse({}))).toBe('none');
    expect(policy.needs(policy.settings.parse({ action: 'block' }))).toBe('whole');
  });

  it('does not hold another language against an answer', () => {
    const more = factsOf(inputOf(leaf('請告訴我如何在雲端部署一個函數以及需要哪些步驟')));
    expect(
      score(
        'Install the toolkit, create the stack, then deploy everything and check the console logs.',
        {},
        more,
      ).score,
    ).toBe(1);
  });
});
