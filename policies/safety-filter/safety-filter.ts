import { definePolicy } from '#core/policy/policy.ts';
import { inspectInput } from './input.ts';
import { inspectAnswer } from './output.ts';
import { remote } from './remote/remote.ts';
import type { RemoteSettings } from './remote/settings.ts';
import { SafetyFilterSettings } from './settings.ts';

/** A coarse gate: rules by words and intent, and a small model of harmful requests. It cannot tell condemnation from praise. */
export const safetyFilter = definePolicy<SafetyFilterSettings>({
  kind: 'safety-filter',
  phases: ['input', 'output'],
  summary: 'Stops requests for weapons, drugs, violence, crime and abuse, and terms of your own',
  settings: SafetyFilterSettings,
  needs: ({ action, check_answers, remote: asked }) =>
    !check_answers
      ? 'none'
      : action === 'escalate' || (action === 'block' && asksAnybody(asked))
        ? 'whole'
        : 'window',
  remote,
  input: inspectInput,
  output: (settings) => {
    if (!settings.check_answers) return {};
    return { inspector: () => inspectAnswer(settings) };
  },
});

/** A remote detector needs the finished text; where it only flags, it gets it when the client has it too. */
function asksAnybody(asked: RemoteSettings): boolean {
  return asked?.openai_moderation !== undefined || asked?.bedrock_guardrail !== undefined;
}
