import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '#core/policy/policy.ts';
import { factsOf, inputOf } from './exchange.ts';
import { judgeAnswer, policyOf, rulesOf } from './run.ts';

const KIND = 'human-oversight';
const MEDICAL = 'You should take 400 mg ibuprofen twice a day and stop the antibiotics.';

function scored(score: number) {
  const verdict: Verdict = { action: 'allow', reason: 'ok', score, findings: [], scanned: 1 };
  return factsOf(inputOf('q'), { verdicts: new Map([['quality-scorer', verdict]]) });
}

describe('human-oversight', () => {
  it('lets everything pass until it is told what to hold', () => {
    expect(judgeAnswer(KIND, MEDICAL).action).toBe('allow');
    expect(policyOf(KIND).needs(policyOf(KIND).settings.parse({}))).toBe('none');
  });

  it.each([
    ['medical', MEDICAL],
    ['legal', 'I recommend that you sue your landlord in court.'],
    ['financial', 'You should invest your savings in this ETF.'],
    ['employment', 'My advice: you should fire this applicant... I recommend dismissal.'],
    ['personal_decision', 'Your application for a visa was denied.'],
  ])('sends a %s answer to a person', (category, text) => {
    const verdict = judgeAnswer(KIND, text, { require_human_for: [category] });
    expect(verdict).toMatchObject({ action: 'escalate', reason: 'human_oversight.required' });
    expect(rulesOf(verdict)).toEqual([`oversight.${category}`]);
  });

  it('lets other answers pass', () => {
    const settings = { require_human_for: ['medical', 'legal', 'financial'] };
    expect(judgeAnswer(KIND, 'The capital of France is Paris.', settings).action).toBe('allow');
  });

  it('knows terms', () => {
    expect(rulesOf(judgeAnswer(KIND, 'We grant a full refund.', { terms: ['refund'] }))).toEqual([
      'oversight.term',
    ]);
  });

  it('doubts what quality-scorer doubts', () => {
    const settings = { confidence_threshold: 0.5 };
    expect(judgeAnswer(KIND, 'x', settings, scored(0.4))).toMatchObject({
      action: 'escalate',
      reason: 'low_confidence_output',
    });
    expect(judgeAnswer(KIND, 'x', settings, scored(0.5)).action).toBe('allow');
  });

  it('takes samples', () => {
    const sampled = (sample: number) =>
      judgeAnswer(KIND, 'x', { sample_rate: 0.25 }, factsOf(inputOf('q'), { sample }));
    expect(sampled(0.24).action).toBe('escalate');
    expect(sampled(0.25).action).toBe('allow');
    expect(judgeAnswer(KIND, 'x', { sample_rate: 1 }, factsOf(inputOf('q'), { sample: 0.999 })).action).toBe(
      'escalate',
    );
  });

  it('blocks instead when asked to', () => {
    expect(judgeAnswer(KIND, 'a refund', { terms: ['refund'], action: 'block' }).action).toBe('block');
  });

  it('never holds the probe', () => {
    const facts = factsOf(inputOf('ping'), { probe: true });
    expect(judgeAnswer(KIND, 'pong', { sample_rate: 1 }, facts).action).toBe('allow');
  });

  it.each([
    { terms: ['x1'] },
    { require_human_for: ['legal'] },
    { sample_rate: 0.1 },
    { confidence_threshold: 0.1 },
  ])('needs the whole answer with %j', (settings) => {
    expect(policyOf(KIND).needs(policyOf(KIND).settings.parse(settings))).toBe('whole');
  });
});
