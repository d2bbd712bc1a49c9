import { definePolicy } from '#core/policy/policy.ts';
import { inspectInput } from './input.ts';
import { inspectAnswer } from './output.ts';
import { SafetyFilterSettings } from './settings.ts';

/** A coarse gate: rules by words and intent, and a small model of harmful requests. It cannot tell condemnation from praise. */
export const safetyFilter = definePolicy<SafetyFilterSettings>({
  kind: 'safety-filter',
  phases: ['input', 'output'],
  summary: 'Stops requests for weapons, drugs, violence, crime and abuse, and terms of your own',
  settings: SafetyFilterSettings,
  needs: ({ action, check_answers }) =>
    !check_answers ? 'none' : action === 'escalate' ? 'whole' : 'window',
  input: inspectInput,
  output: (settings) => {
    if (!settings.check_answers) return {};
    return { inspector: (field) => (field === 'tool-name' ? undefined : inspectAnswer(settings)) };
  },
});
