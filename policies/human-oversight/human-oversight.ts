import * as z from 'zod';
import {
  allow,
  definePolicy,
  type ExchangeFacts,
  type Finding,
  type Verdict,
  type WholeAnswer,
} from '#core/policy/policy.ts';
import { MAX_APPROVALS } from '#core/review/case.ts';
import { normalizeText } from '#core/text/normalize.ts';
import { createTermFinder } from '#core/text/term-finder.ts';
import { rememberBy, TermList } from '#core/text/term-list.ts';
import { CATEGORIES, categoriesOf } from './categories.ts';

const HumanOversightSettings = z.strictObject({
  action: z
    .enum(['escalate', 'block'])
    .default('escalate')
    .describe('escalate waits for a person, block refuses at once'),
  require_human_for: z
    .array(z.enum(CATEGORIES))
    .max(20)
    .default([])
    .describe('Kinds of answers a person must see'),
  terms: TermList.default([]).describe('Words whose appearance in an answer sends it to a person'),
  confidence_threshold: z.number().min(0).max(1).optional().describe('Below this score of quality-scorer'),
  sample_rate: z.number().min(0).max(1).default(0).describe('Share of all answers; 1 = every answer'),
  timeout_seconds: z.int().min(60).max(604_800).default(3_600).describe('Until on_timeout decides'),
  required_approvals: z
    .int()
    .min(1)
    .max(MAX_APPROVALS)
    .default(1)
    .describe('How many different people must approve the same text before it is released'),
  wait_seconds: z
    .int()
    .min(0)
    .max(600)
    .default(0)
    .describe(
      'How long the client is kept waiting for a decision; afterwards a repeat of its request gets the answer',
    ),
  on_timeout: z.enum(['reject', 'release']).default('reject').describe('When nobody decides in time'),
});
type Settings = z.infer<typeof HumanOversightSettings>;

/** Sends finished answers to a person before anybody else sees them. Without any condition it lets everything pass. */
export const humanOversight = definePolicy<Settings>({
  kind: 'human-oversight',
  phases: ['output'],
  summary: 'Holds answers of chosen kinds until a person has approved them',
  settings: HumanOversightSettings,
  needs: (settings) => (mayHold(settings) ? 'whole' : 'none'),
  needsEarlier: ({ confidence_threshold }) => (confidence_threshold === undefined ? [] : ['quality-scorer']),
  output: (settings, facts) => ({ judge: (answer) => judge(answer, settings, facts) }),
});

function mayHold({ require_human_for, terms, confidence_threshold, sample_rate }: Settings): boolean {
  return (
    require_human_for.length > 0 || terms.length > 0 || confidence_threshold !== undefined || sample_rate > 0
  );
}

function judge(answer: WholeAnswer, settings: Settings, facts: ExchangeFacts): Verdict {
  const scanned = answer.fields.reduce((sum, field) => sum + field.text.length, 0);
  if (facts.probe || !mayHold(settings)) return allow(scanned);
  const findings = [
    ...answer.fields.flatMap((field) =>
      byContent(field.text, `choice ${field.choice} ${field.kind}`, settings),
    ),
    ...byConfidence(settings, facts),
    ...(facts.sample < settings.sample_rate ? [{ rule: 'oversight.sample', score: 1 }] : []),
  ];
  if (findings.length === 0) return allow(scanned);
  return { action: settings.action, reason: reasonOf(findings), score: 1, findings, scanned };
}

function reasonOf(findings: readonly Finding[]): string {
  const onlyDoubt = findings.every((finding) => finding.rule === 'oversight.low_confidence');
  return onlyDoubt ? 'low_confidence_output' : 'human_oversight.required';
}

const termsOf = rememberBy((settings: Settings) =>
  createTermFinder(settings.terms.map((text) => ({ id: 'oversight.term', text }))),
);

function byContent(text: string, where: string, settings: Settings): Finding[] {
  const categories =
    settings.require_human_for.length > 0 ? categoriesOf(normalizeText(text).text) : new Set();
  const wanted = settings.require_human_for.filter((category) => categories.has(category));
  return [
    ...wanted.map((category) => ({ rule: `oversight.${category}`, score: 1, where })),
    ...termsOf(settings)
      .find(text)
      .slice(0, 20)
      .map(({ id, start, end }) => ({ rule: id, score: 1, where, spans: [{ start, end }] })),
  ];
}

function byConfidence({ confidence_threshold }: Settings, facts: ExchangeFacts): Finding[] {
  const score = facts.verdicts.get('quality-scorer')?.score;
  if (confidence_threshold === undefined || score === undefined || score >= confidence_threshold) return [];
  return [{ rule: 'oversight.low_confidence', score: 1 - score }];
}
