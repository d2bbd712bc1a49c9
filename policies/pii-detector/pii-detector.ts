import { definePolicy } from '#core/policy/policy.ts';
import { inspectInput } from './input.ts';
import { inspectProse, inspectToolCall } from './output.ts';
import { asksAboutAnswers, remote } from './remote/remote.ts';
import { PiiDetectorSettings, restores } from './settings.ts';

/**
 * Structured personal data. Names and addresses are not found here: they need a language model, and a pattern that
 * claims to know them would only lull. Detectors elsewhere can be asked for them.
 */
export const piiDetector = definePolicy<PiiDetectorSettings>({
  kind: 'pii-detector',
  phases: ['input', 'output'],
  summary:
    'Replaces personal data by placeholders before the provider sees it, and puts it back into the answer',
  settings: PiiDetectorSettings,
  needs: (settings) => {
    if (settings.action !== 'flag' && asksAboutAnswers(settings)) return 'whole';
    return settings.mask_answers || restores(settings) ? 'window' : 'none';
  },
  remote,
  input: (text, settings, facts) => inspectInput(text, settings, facts),
  output: (settings, facts) => {
    if (!settings.mask_answers && !restores(settings)) return {};
    return {
      inspector: (field) =>
        field.startsWith('tool-') ? inspectToolCall(settings, facts) : inspectProse(settings, facts),
    };
  },
});
