import type { Leaf } from '#core/policy/policy.ts';

/** What is new in the conversation; the operator's own system prompt is trusted. */
export function isJudged({ role, isNew, text }: Leaf): boolean {
  return isNew && role !== 'system' && role !== 'assistant' && text.length > 0;
}
