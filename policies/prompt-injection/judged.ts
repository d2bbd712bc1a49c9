import type { Leaf } from '#core/policy/policy.ts';

/** System prompts are the operator's; older turns were judged when they were new; our own refusals are the assistant's. */
export function isJudged({ role, isNew, text }: Leaf): boolean {
  return isNew && role !== 'system' && role !== 'assistant' && text.length > 0;
}
