import type { ProviderKind } from './pack.ts';

/** Where an endpoint with the OpenAI wire format differs from OpenAI's own. Sources: docs/providers.md. */
export interface Quirks {
  /** Refuses `stream_options`; usage comes without being asked for. */
  readonly noStreamOptions?: true;
  /** Knows `max_tokens` only: `max_completion_tokens` would be refused, or ignored and so lift the client's limit. */
  readonly maxTokensOnly?: true;
  /** Knows the role `system` only, not `developer`. */
  readonly noDeveloperRole?: true;
}

export interface Preset {
  /** The wire it speaks. */
  readonly kind: ProviderKind;
  readonly baseUrl?: string;
  /** The price package's name for it; without one every price is unknown unless the pack gives it. */
  readonly prices?: string;
  readonly quirks?: Quirks;
}

const plain = (baseUrl: string, prices?: string): Preset => ({
  kind: 'openai',
  baseUrl,
  ...(prices ? { prices } : {}),
});
const quirky = (quirks: Quirks, baseUrl: string, prices?: string): Preset => ({
  ...plain(baseUrl, prices),
  quirks,
});

const OLD_LIMIT: Quirks = { maxTokensOnly: true, noDeveloperRole: true };
const STRICT: Quirks = { ...OLD_LIMIT, noStreamOptions: true };

/** Well-known providers. The base URL ends where `/chat/completions` (anthropic: `/messages`) begins. */
export const PROVIDER_PRESETS: Readonly<Record<string, Preset>> = {
  openai: plain('https://api.openai.com/v1', 'openai'),
  'openai-compatible': { kind: 'openai', prices: 'openai' },
  'azure-openai': { kind: 'azure-openai', prices: 'azure' },
  anthropic: { kind: 'anthropic', baseUrl: 'https://api.anthropic.com/v1', prices: 'anthropic' },
  bedrock: { kind: 'bedrock', prices: 'aws' },

  cerebras: quirky({ noDeveloperRole: true }, 'https://api.cerebras.ai/v1', 'cerebras'),
  cohere: quirky(STRICT, 'https://api.cohere.ai/compatibility/v1', 'cohere'),
  dashscope: quirky(OLD_LIMIT, 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1'),
  deepinfra: quirky(OLD_LIMIT, 'https://api.deepinfra.com/v1/openai'),
  deepseek: quirky(OLD_LIMIT, 'https://api.deepseek.com/v1', 'deepseek'),
  fireworks: quirky({ noDeveloperRole: true }, 'https://api.fireworks.ai/inference/v1', 'fireworks'),
  gemini: plain('https://generativelanguage.googleapis.com/v1beta/openai', 'google'),
  groq: plain('https://api.groq.com/openai/v1', 'groq'),
  huggingface: quirky(OLD_LIMIT, 'https://router.huggingface.co/v1'),
  lmstudio: quirky(OLD_LIMIT, 'http://127.0.0.1:1234/v1'),
  mistral: quirky(STRICT, 'https://api.mistral.ai/v1', 'mistral'),
  moonshot: quirky(OLD_LIMIT, 'https://api.moonshot.ai/v1', 'moonshotai'),
  nvidia: quirky(OLD_LIMIT, 'https://integrate.api.nvidia.com/v1'),
  ollama: quirky(OLD_LIMIT, 'http://127.0.0.1:11434/v1'),
  openrouter: plain('https://openrouter.ai/api/v1', 'openrouter'),
  perplexity: quirky(STRICT, 'https://api.perplexity.ai', 'perplexity'),
  sambanova: quirky({ noDeveloperRole: true }, 'https://api.sambanova.ai/v1'),
  siliconflow: quirky(OLD_LIMIT, 'https://api.siliconflow.com/v1'),
  together: quirky(OLD_LIMIT, 'https://api.together.xyz/v1', 'together'),
  vllm: quirky({ noDeveloperRole: true }, 'http://127.0.0.1:8000/v1'),
  xai: quirky({ noDeveloperRole: true }, 'https://api.x.ai/v1', 'x-ai'),
  zai: quirky(OLD_LIMIT, 'https://api.z.ai/api/paas/v4', 'zai'),
  zhipu: quirky(OLD_LIMIT, 'https://open.bigmodel.cn/api/paas/v4'),
};

/** The quirks of the endpoint a target names. */
export function quirksOf(vendor: string): Quirks {
  const preset = Object.hasOwn(PROVIDER_PRESETS, vendor) ? PROVIDER_PRESETS[vendor] : undefined;
  return preset?.quirks ?? {};
}
