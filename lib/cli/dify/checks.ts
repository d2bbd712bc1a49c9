import { isObject, type Json, type JsonObject } from '#core/json.ts';
import { systemCode } from '../cli-error.ts';
import type { Mode } from './form.ts';

/** One request that Dify makes when an admin saves a model, and what must come back (research/dify-client.md §3). */
interface Check {
  readonly name: string;
  readonly path: string;
  readonly body: JsonObject;
  /** Undefined when Dify is content. */
  verdict(answer: Json): string | undefined;
  /** Dify reads the status only and hangs up. */
  readonly unread?: true;
}

export interface CheckResult {
  readonly name: string;
  /** HTTP status; undefined when nobody answered. */
  readonly status: number | undefined;
  /** What Dify would show; undefined when it is content. */
  readonly says: string | undefined;
  /** The `code` of the gateway's error. */
  readonly code: string | undefined;
  readonly ms: number;
}

const TIMEOUT_MS = 60_000;
const ping = [{ role: 'user', content: 'ping' }];
const DOCUMENTS = [
  'Carson City is the capital of Nevada.',
  'Saipan is a capital.',
  'Washington, D.C. is the capital.',
];

export interface Models {
  readonly model: string;
  readonly mode: Mode;
  readonly embedding?: string | undefined;
  readonly rerank?: string | undefined;
}

export function checksFor({ model, mode, embedding, rerank }: Models): Check[] {
  const chat = mode === 'chat';
  const said = chat ? { messages: ping } : { prompt: 'ping' };
  const path = chat ? '/chat/completions' : '/completions';
  const verdict = isObjectOf(chat ? 'chat.completion' : 'text_completion');
  const limited = { messages: ping, model, max_completion_tokens: 16, stream: false };
  return [
    { name: 'save', path, body: { model, max_tokens: 5, ...said }, verdict },
    {
      name: 'save, streamed',
      path,
      body: { model, max_tokens: 10, ...said, stream: true },
      verdict: () => undefined,
      unread: true,
    },
    ...(chat ? [{ name: 'save, max_completion_tokens', path, body: limited, verdict }] : []),
    ...(embedding
      ? [
          {
            name: 'embeddings',
            path: '/embeddings',
            body: { model: embedding, input: ['ping'] },
            verdict: has('data'),
          },
        ]
      : []),
    ...(rerank
      ? [
          {
            name: 'rerank',
            path: '/rerank',
            body: {
              model: rerank,
              query: 'What is the capital of the United States?',
              documents: DOCUMENTS,
              top_n: 3,
            },
            verdict: has('results'),
          },
        ]
      : []),
  ];
}

/** Of the moderation extension; its address is beside `/v1`. */
export const MODERATION_CHECK: Check = {
  name: 'moderation extension',
  path: '/keeptrusts/dify/moderation',
  body: { point: 'ping' },
  verdict: (answer) =>
    isObject(answer) && answer['result'] === 'pong' ? undefined : 'Invalid response from API extension',
};

/** Asks like Dify's plugin does. Never throws; the key goes into one header and nowhere else. */
export async function runCheck(
  base: string,
  { name, path, body, verdict, unread }: Check,
  key: string,
): Promise<CheckResult> {
  const began = Date.now();
  const result = (status: number | undefined, says: string | undefined, code?: string): CheckResult => ({
    name,
    status,
    says,
    code,
    ms: Date.now() - began,
  });
  try {
    const response = await fetch(`${base}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (unread && response.status === 200) {
      await response.body?.cancel();
      return result(200, undefined);
    }
    const text = await response.text();
    const answer = parse(text);
    if (response.status === 200) return result(200, verdict(answer ?? null));
    return result(
      response.status,
      `Credentials validation failed with status code ${response.status} and response body ${text.slice(0, 500)}`,
      codeOf(answer),
    );
  } catch (error) {
    const why = systemCode(error) ?? (error instanceof Error ? error.name : 'unknown error');
    return result(undefined, `An error occurred during credentials validation: ${why}`, why);
  }
}

function isObjectOf(name: string) {
  return (answer: Json) => {
    const object = isObject(answer) ? (answer['object'] ?? '') : undefined;
    return object === '' || object === name
      ? undefined
      : `Credentials validation failed: invalid response, object must be ${name}`;
  };
}

function has(field: string) {
  return (answer: Json) =>
    isObject(answer) && Array.isArray(answer[field]) ? undefined : `KeyError: '${field}'`;
}

function codeOf(answer: Json | undefined): string | undefined {
  const error = isObject(answer) ? answer['error'] : undefined;
  return isObject(error) && typeof error['code'] === 'string' ? error['code'] : undefined;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
