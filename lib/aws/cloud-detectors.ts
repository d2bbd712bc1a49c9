import type { CloudDetectors } from '#core/ports.ts';
import { comprehendDetector } from './comprehend-detector.ts';
import { guardrailDetector } from './guardrail-detector.ts';

/** Comprehend and Bedrock Guardrails, with the credentials and the region of this process. */
export function cloudDetectors(endpoint?: string): CloudDetectors {
  const comprehend = comprehendDetector(endpoint);
  const guardrail = guardrailDetector(endpoint);
  return {
    ask: (question, signal) =>
      question.detector === 'comprehend' ? comprehend(question, signal) : guardrail(question, signal),
  };
}
