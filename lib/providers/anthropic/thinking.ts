import { isObject, type JsonObject } from '#core/json.ts';
import type { Conversation } from '../chat/blocks.ts';

/** Models that think within a budget of tokens; those after them decide by themselves and take an effort. */
const THINKS_BY_BUDGET = /claude-(3-|(opus|sonnet|haiku)-4-(0|1|5|20\d{6}))/;

const BUDGETS: Readonly<Record<string, number>> = { low: 1024, medium: 4096, high: 16_384, xhigh: 16_384 };
const EFFORTS: ReadonlySet<string> = new Set(['low', 'medium', 'high', 'xhigh', 'max']);
const SMALLEST_BUDGET = 1024;

export interface Situation {
  readonly model: string;
  readonly maxTokens: number;
  /** The model must call a tool: it cannot think then. */
  readonly forced: boolean;
  /** A tool's result comes back, and no client carries the signed thoughts that led to the call. */
  readonly inToolLoop: boolean;
}

/** `reasoning_effort`, or Anthropic's own `thinking`, as the model takes it. Empty when it shall not, or cannot, think. */
export function thinkingOf(
  body: JsonObject,
  situation: Situation,
): { thinking?: JsonObject; effort?: string } {
  const { thinking, reasoning_effort: effort } = body;
  if (situation.forced) return {};
  if (isObject(thinking)) return thinking['type'] === 'enabled' && situation.inToolLoop ? {} : { thinking };
  if (typeof effort !== 'string' || !EFFORTS.has(effort)) return {};
  if (!THINKS_BY_BUDGET.test(situation.model)) return { thinking: { type: 'adaptive' }, effort };
  const budget = Math.min(BUDGETS[effort] ?? SMALLEST_BUDGET, Math.floor(situation.maxTokens / 2));
  if (situation.inToolLoop || budget < SMALLEST_BUDGET) return {};
  return { thinking: { type: 'enabled', budget_tokens: budget } };
}

export function inToolLoop({ turns }: Conversation): boolean {
  return turns.at(-1)?.blocks.some(({ kind }) => kind === 'result') ?? false;
}
