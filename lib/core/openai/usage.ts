import { estimateTokenCount } from 'tokenx';
import type { Usage } from '#core/cost/usage.ts';
import { isObject, type Json, type JsonObject } from '#core/json.ts';

/**
 * Splits an OpenAI usage block into disjoint classes: cached tokens are part of `prompt_tokens`, reasoning and audio part of
 * `completion_tokens` there. Undefined when the block holds no token counts.
 */
export function readUsage(block: Json | undefined): Usage | undefined {
  if (!isObject(block)) return undefined;
  const prompt = count(block['prompt_tokens']);
  const completion = count(block['completion_tokens']);
  if (prompt === undefined && completion === undefined) return undefined;

  const promptDetails = details(block['prompt_tokens_details']);
  const completionDetails = details(block['completion_tokens_details']);
  const cached = Math.min(promptDetails('cached_tokens'), prompt ?? 0);
  const reasoning = Math.min(completionDetails('reasoning_tokens'), completion ?? 0);
  const audio = Math.min(completionDetails('audio_tokens'), (completion ?? 0) - reasoning);
  return {
    input: (prompt ?? 0) - cached,
    cached_input: cached,
    cache_write: 0,
    output: (completion ?? 0) - reasoning - audio,
    reasoning,
    audio,
    source: 'provider',
  };
}

/** A labelled estimate where a provider gives no usage. */
export function estimateUsage(inputTexts: readonly string[], output: string): Usage {
  const input = inputTexts.reduce((sum, text) => sum + estimateTokenCount(text), 0);
  return {
    input,
    cached_input: 0,
    cache_write: 0,
    output: output === '' ? 0 : estimateTokenCount(output),
    reasoning: 0,
    audio: 0,
    source: 'estimated',
  };
}

/** The usage block a client gets: always integers in all three fields (Dify computes its own numbers otherwise). */
export function writeUsage(usage: Usage): JsonObject {
  const prompt = usage.input + usage.cached_input + usage.cache_write;
  const completion = usage.output + usage.reasoning + usage.audio;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: usage.cached_input },
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
  };
}

function count(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function details(block: Json | undefined): (name: string) => number {
  return (name) => (isObject(block) ? (count(block[name]) ?? 0) : 0);
}
