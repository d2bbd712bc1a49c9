import * as z from 'zod';
import {
  allow,
  definePolicy,
  type ExchangeFacts,
  type Verdict,
  type WholeAnswer,
} from '#core/policy/policy.ts';
import { Assertion, holds } from './assertions.ts';
import { findDefects } from './defects.ts';
import { JudgeSettings, remote } from './judge.ts';

const QualityScorerSettings = z.strictObject({
  action: z
    .enum(['flag', 'block', 'retry', 'escalate'])
    .default('flag')
    .describe('flag streams; the others hold the answer. retry asks the provider once more, at its price'),
  after_retry: z
    .enum(['flag', 'block'])
    .default('flag')
    .describe('With retry: what happens to the better of two answers when both are below the threshold'),
  threshold: z.number().min(0).max(1).default(0.6).describe('Answers below this score get the action'),
  min_output_chars: z.int().min(0).max(100_000).default(0).describe('Shorter answers are a defect'),
  assertions: z
    .array(Assertion)
    .max(50)
    .default([])
    .describe('Checks of your own; a failed one costs the whole score'),
  judge: JudgeSettings,
});
type Settings = z.infer<typeof QualityScorerSettings>;

/** Scores visible defects only: 1 means that none was seen, not that the answer is right. */
export const qualityScorer = definePolicy<Settings>({
  kind: 'quality-scorer',
  phases: ['output'],
  summary: 'Scores answers for visible defects: empty, cut off, looping, off topic, wrong format',
  settings: QualityScorerSettings,
  needs: ({ action }) => (action === 'flag' ? 'none' : 'whole'),
  mayRetry: ({ action }) => action === 'retry',
  remote,
  output: (settings, facts) => ({ judge: (answer) => score(answer, settings, facts) }),
});

function score(answer: WholeAnswer, settings: Settings, facts: ExchangeFacts): Verdict {
  const scanned = answer.fields.reduce((sum, field) => sum + field.text.length, 0);
  if (facts.probe || callsTools(answer)) return allow(scanned);
  const choices = [...Map.groupBy(answer.fields.filter(isVisible), (field) => field.choice)];
  const texts = choices.map(([choice, fields]) => ({
    choice,
    text: fields.map((field) => field.text).join('\n'),
  }));
  const shown = texts.length > 0 ? texts : [{ choice: 0, text: '' }];
  const verdicts = shown.map(({ choice, text }) => scoreText(text, choice, answer, settings, facts));
  const worst = verdicts.reduce((a, b) => (b.score < a.score ? b : a));
  if (worst.score >= settings.threshold) return { ...allow(scanned), ...worst };
  const below = { reason: 'quality.below_threshold', ...worst, scanned };
  if (settings.action !== 'retry') return { action: settings.action, ...below };
  return { action: settings.after_retry, retry: true, ...below };
}

/** An agent's step is not an answer. */
function callsTools({ fields }: WholeAnswer): boolean {
  return fields.some((field) => field.kind === 'tool-name' || field.kind === 'tool-arguments');
}

const isVisible = ({ kind }: { kind: string }) => kind === 'content' || kind === 'refusal';

function scoreText(
  text: string,
  choice: number,
  answer: WholeAnswer,
  settings: Settings,
  facts: ExchangeFacts,
) {
  const failed = settings.assertions.filter((assertion) => !holds(assertion, text));
  const defects = [
    ...findDefects(text, answer, facts),
    ...failed.map(({ type }) => ({ rule: `quality.assertion.${type}`, cost: 1 })),
    ...(text.trim().length < settings.min_output_chars ? [{ rule: 'quality.too_short', cost: 0.5 }] : []),
  ];
  const cost = defects.reduce((sum, defect) => sum + defect.cost, 0);
  const where = `choice ${choice} content`;
  return {
    score: Math.max(0, Math.round((1 - cost) * 100) / 100),
    findings: defects.map((defect) => ({ rule: defect.rule, score: Math.min(1, defect.cost), where })),
  };
}
