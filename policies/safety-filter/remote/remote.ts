import { guardrailQuestion, guardrailRule, guardrailUse } from '#core/policy/guardrail.ts';
import {
  allow,
  type Finding,
  type Inquiry,
  type Phase,
  type RemotePart,
  type Verdict,
} from '#core/policy/policy.ts';
import type { RemoteAnswer, RemoteFinding, RemoteUse } from '#core/policy/remote.ts';
import { HELP } from '../help.ts';
import { isJudged } from '../judged.ts';
import type { SafetyFilterSettings } from '../settings.ts';

export const remote: RemotePart<SafetyFilterSettings> = {
  uses: ({ remote: named, check_answers }) => {
    const phases: Phase[] = check_answers ? ['input', 'output'] : ['input'];
    const { openai_moderation: moderation, bedrock_guardrail: guardrail } = named ?? {};
    return [
      ...(moderation ? [moderationUse(moderation, phases)] : []),
      ...(guardrail ? [guardrailUse(guardrail, phases)] : []),
    ];
  },
  input: ({ leaves }, settings) =>
    inquiries(
      leaves.filter(isJudged).map(({ text }) => text),
      'INPUT',
      settings,
    ),
  output: (answer, settings) =>
    inquiries(
      answer.map(({ text }) => text),
      'OUTPUT',
      settings,
    ),
};

type Moderation = NonNullable<NonNullable<SafetyFilterSettings['remote']>['openai_moderation']>;

function moderationUse({ target, secret_key_ref: secret }: Moderation, phases: readonly Phase[]): RemoteUse {
  return {
    detector: 'openai-moderation',
    phases,
    ...(target === undefined ? {} : { target }),
    ...(secret === undefined ? {} : { secret }),
    path: ['remote', 'openai_moderation', target === undefined ? 'secret_key_ref' : 'target'],
  };
}

function inquiries(
  texts: readonly string[],
  source: 'INPUT' | 'OUTPUT',
  settings: SafetyFilterSettings,
): Inquiry[] {
  const { openai_moderation: moderation, bedrock_guardrail: guardrail } = settings.remote ?? {};
  const asked: Inquiry[] = [];
  if (texts.length === 0) return asked;
  if (moderation) {
    const { model, target, secret_key_ref: secret } = moderation;
    const whose = target === undefined ? { ...(secret ? { secret } : {}) } : { target };
    asked.push({
      question: { detector: 'openai-moderation', model, texts, ...whose },
      hear: (answer) => verdict(answer, (found) => byModeration(found, moderation), settings),
    });
  }
  if (guardrail) {
    asked.push({
      question: guardrailQuestion(guardrail, source, texts),
      hear: (answer) => verdict(answer, byGuardrail, settings),
    });
  }
  return asked;
}

function verdict(
  { findings, scanned }: RemoteAnswer,
  read: (finding: RemoteFinding) => Finding | undefined,
  { action }: SafetyFilterSettings,
): Verdict {
  const found = findings.flatMap((finding) => read(finding) ?? []);
  if (found.length === 0) return allow(scanned);
  const score = Math.max(...found.map((finding) => finding.score));
  const needsHelp = found.some(({ rule }) => /self_harm/.test(rule));
  const said: Verdict = { action, reason: 'safety.violation', score, findings: found, scanned };
  return needsHelp ? { ...said, message: HELP } : said;
}

function byModeration(
  { label, score, flagged }: RemoteFinding,
  { threshold, ignore_categories: ignored }: Moderation,
): Finding | undefined {
  const counts = threshold === undefined ? flagged === true : score >= threshold;
  if (!counts || ignored.includes(label)) return undefined;
  return { rule: `moderation.${label.replace(/[^a-z]+/gi, '_').slice(0, 64)}`, score };
}

/** Prompt attacks and personal data of the same guardrail are other policies' business. */
function byGuardrail(finding: RemoteFinding): Finding | undefined {
  const { label, score } = finding;
  if (label === 'content.PROMPT_ATTACK' || /^(?:pii|regex)\./.test(label)) return undefined;
  return { rule: guardrailRule(finding), score };
}
