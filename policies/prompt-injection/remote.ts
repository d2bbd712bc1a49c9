import * as z from 'zod';
import { GuardrailSettings, guardrailQuestion, guardrailRule, guardrailUse } from '#core/policy/guardrail.ts';
import { allow, type RemotePart, type Verdict } from '#core/policy/policy.ts';
import { isJudged } from './judged.ts';

export const RemoteSettings = z
  .strictObject({
    bedrock_guardrail: GuardrailSettings.describe(
      'The prompt attack filter of a guardrail of Amazon Bedrock',
    ),
  })
  .optional()
  .describe('Who else is asked about what no rule and model here stopped');

interface Settings {
  readonly action: 'block' | 'flag' | 'escalate';
  readonly remote?: z.infer<typeof RemoteSettings>;
}

export const remote: RemotePart<Settings> = {
  uses: ({ remote: named }) => (named ? [guardrailUse(named.bedrock_guardrail, ['input'])] : []),
  input: ({ leaves }, { remote: named, action }) => {
    const texts = leaves.filter(isJudged).map(({ text }) => text);
    if (!named || texts.length === 0) return [];
    return [
      {
        question: guardrailQuestion(named.bedrock_guardrail, 'INPUT', texts),
        hear: ({ findings, scanned }): Verdict => {
          const attacks = findings.filter(({ label }) => label === 'content.PROMPT_ATTACK');
          if (attacks.length === 0) return allow(scanned);
          const score = Math.max(...attacks.map((attack) => attack.score));
          const found = attacks.map((attack) => ({ rule: guardrailRule(attack), score: attack.score }));
          return { action, reason: 'prompt_injection.detected', score, findings: found, scanned };
        },
      },
    ];
  },
};
