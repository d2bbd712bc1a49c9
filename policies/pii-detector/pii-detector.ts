import { definePolicy } from '#core/policy/policy.ts';
import { inspectInput } from './input.ts';
import { inspectProse, inspectToolCall } from './output.ts';
import { PiiDetectorSettings, restores } from './settings.ts';

/**
 * Structured personal data. Names and addresses are not found here: they need a language model, and a pattern that
 * claims to know them would only lull.
 */
export const piiDetector = definePolicy<PiiDetectorSettings>({
  kind: 'pii-detector',
  phases: ['input', 'output'],
  summary:
    'Replaces personal data by placeholders before the provider sees it, and puts it back into the answer',
  settings: PiiDetectorSettings,
  needs: (settings) => (settings.mask_answers || restores(settings) ? 'window' : 'none'),
  input: (text, settings, facts) => inspectInput(text, settings, facts),
  output: (settings, facts) => {
    if (!settings.mask_answers && !restores(settings)) return {};
    return {
      inspector: (field) => {
        if (field === 'tool-name') return undefined;
        return field === 'tool-arguments' ? inspectToolCall(settings, facts) : inspectProse(settings, facts);
      },
    };
  },
});
