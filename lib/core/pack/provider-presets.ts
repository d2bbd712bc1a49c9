import type { ProviderKind } from './pack.ts';

/** Where well-known providers live. All of these speak the OpenAI wire format. */
export const PROVIDER_PRESETS: Readonly<Record<string, { kind: ProviderKind; baseUrl: string | undefined }>> =
  {
    openai: { kind: 'openai', baseUrl: 'https://api.openai.com/v1' },
    'openai-compatible': { kind: 'openai', baseUrl: undefined },
    deepseek: { kind: 'openai', baseUrl: 'https://api.deepseek.com/v1' },
    fireworks: { kind: 'openai', baseUrl: 'https://api.fireworks.ai/inference/v1' },
    gemini: { kind: 'openai', baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai' },
    groq: { kind: 'openai', baseUrl: 'https://api.groq.com/openai/v1' },
    mistral: { kind: 'openai', baseUrl: 'https://api.mistral.ai/v1' },
    ollama: { kind: 'openai', baseUrl: 'http://127.0.0.1:11434/v1' },
    openrouter: { kind: 'openai', baseUrl: 'https://openrouter.ai/api/v1' },
    together: { kind: 'openai', baseUrl: 'https://api.together.xyz/v1' },
    xai: { kind: 'openai', baseUrl: 'https://api.x.ai/v1' },
  };

/** Why a base URL is not acceptable, or undefined. https everywhere; http only to this machine. */
export function baseUrlProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) return 'must be an absolute URL, for example https://api.openai.com/v1';
  if (url.username || url.password) return 'must not hold a user name or password';
  if (url.search || url.hash) return 'must not hold a query or fragment';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:' && isLoopback(url.hostname)) return undefined;
  return 'must start with https:// (http:// only for 127.0.0.1, [::1] or localhost)';
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
