import { definePolicy } from '#core/policy/policy.ts';
import { inspectInput } from './input.ts';
import { inspectAnswer } from './output.ts';
import { DlpFilterSettings } from './settings.ts';

export const dlpFilter = definePolicy<DlpFilterSettings>({
  kind: 'dlp-filter',
  phases: ['input', 'output'],
  summary: 'Keeps keys, passwords, blocked terms and classified documents from leaving in either direction',
  settings: DlpFilterSettings,
  needs: ({ check_answers }) => (check_answers ? 'window' : 'none'),
  input: (text, settings, facts) => inspectInput(text, settings, facts),
  output: (settings, facts) =>
    settings.check_answers ? { inspector: () => inspectAnswer(settings, facts) } : {},
});
