import { estimateTokenCount } from 'tokenx';
import { completionTokens, promptTokens, type Usage } from '#core/cost/usage.ts';
import { isObject, type Json, type JsonObject } from '#core/json.ts';

/**
 * Splits a usage block in OpenAI's spelling (chat, responses, embeddings, audio, and what compatible servers made of it) into
 * disjoint classes. There cached, cache write and audio tokens are part of the prompt, reasoning and audio part of the
 * completion; where `total_tokens` is more than both, the rest was thought and not counted (xAI, Gemini). Undefined when the
 * block holds no token counts. Shapes and sources: docs/providers.md.
 */
export function readUsage(block: Json | undefined): Usage | undefined {
  if (!isObject(block)) return undefined;
  const completion = count(block['completion_tokens'] ?? block['output_tokens']);
  // Embedding and rerank servers may count the total alone.
  const prompt =
    count(block['prompt_tokens'] ?? block['input_tokens']) ??
    (completion === undefined ? count(block['total_tokens']) : undefined);
  if (prompt === undefined && completion === undefined) return undefined;
  const cost = reportedMicros(block);
  return {
    ...readInput(block, prompt ?? 0),
    ...readOutput(block, completion ?? 0, uncounted(block, prompt, completion)),
    ...(cost === undefined ? {} : { reported_micros: cost }),
    source: 'provider',
  };
}

type InputClasses = Pick<Usage, 'input' | 'cached_input' | 'cache_write' | 'cache_write_1h' | 'audio_input'>;

function readInput(block: JsonObject, prompt: number): InputClasses {
  const part = details(
    block['prompt_tokens_details'] ?? block['input_tokens_details'] ?? block['input_token_details'],
  );
  const take = portions(prompt);
  // DeepSeek and Moonshot say it beside the details.
  const cached = part('cached_tokens') || anyCount(block, 'prompt_cache_hit_tokens', 'cached_tokens');
  const cached_input = take(cached);
  const cache_write = take(part('cache_write_tokens') || part('cache_creation_tokens'));
  const cache_write_1h = take(part('cache_write_1h_tokens'));
  const audio_input = take(part('audio_tokens'));
  return {
    // Perplexity: what it read of the pages it found is paid like input.
    input: take(prompt) + anyCount(block, 'citation_tokens'),
    cached_input,
    cache_write,
    ...(cache_write_1h > 0 ? { cache_write_1h } : {}),
    ...(audio_input > 0 ? { audio_input } : {}),
  };
}

function readOutput(
  block: JsonObject,
  completion: number,
  extra: number,
): Pick<Usage, 'output' | 'reasoning' | 'audio'> {
  const part = details(
    block['completion_tokens_details'] ?? block['output_tokens_details'] ?? block['output_token_details'],
  );
  // Perplexity's deep research: beside the completion and the total.
  const beside = anyCount(block, 'reasoning_tokens');
  const take = portions(completion + extra);
  const reasoning = take(part('reasoning_tokens') || extra);
  const audio = take(part('audio_tokens'));
  return { output: take(completion + extra), reasoning: reasoning + beside, audio };
}

function uncounted(block: JsonObject, prompt?: number, completion?: number): number {
  const total = count(block['total_tokens']);
  if (total === undefined || prompt === undefined || completion === undefined) return 0;
  return Math.max(0, total - prompt - completion);
}

/** Takes disjoint portions out of a whole: a block whose parts add up to more never gives a negative class. */
function portions(whole: number): (wanted: number) => number {
  let left = whole;
  return (wanted) => {
    const taken = Math.min(wanted, left);
    left -= taken;
    return taken;
  };
}

/** What the provider itself says: OpenRouter `cost`, Perplexity `cost.total_cost`, DeepInfra `estimated_cost`, xAI in 10⁻¹⁰ dollars. */
function reportedMicros(block: JsonObject): number | undefined {
  const { cost, estimated_cost, cost_in_usd_ticks } = block;
  const dollars = isObject(cost) ? cost['total_cost'] : (cost ?? estimated_cost);
  if (typeof dollars === 'number') return safe(Math.round(dollars * 1e6));
  return typeof cost_in_usd_ticks === 'number' ? safe(Math.round(cost_in_usd_ticks / 1e4)) : undefined;
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
  const prompt = promptTokens(usage);
  const completion = completionTokens(usage);
  const written = usage.cache_write + (usage.cache_write_1h ?? 0);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: usage.cached_input,
      ...(written > 0 ? { cache_write_tokens: written } : {}),
      ...(usage.audio_input ? { audio_tokens: usage.audio_input } : {}),
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoning,
      ...(usage.audio > 0 ? { audio_tokens: usage.audio } : {}),
    },
  };
}

/** The usage block of a route whose answers are no text. */
export function writeInputUsage(usage: Usage): JsonObject {
  const prompt = promptTokens(usage);
  return { prompt_tokens: prompt, total_tokens: prompt };
}

function count(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? safe(value) : undefined;
}

function safe(value: number): number | undefined {
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function anyCount(block: JsonObject, ...names: string[]): number {
  return names.map((name) => count(block[name])).find((value) => value !== undefined) ?? 0;
}

function details(block: Json | undefined): (name: string) => number {
  return (name) => (isObject(block) ? anyCount(block, name) : 0);
}
