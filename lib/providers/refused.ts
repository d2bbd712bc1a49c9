import { isObject, type JsonObject } from '#core/json.ts';
import { ProviderFailure } from './failure.ts';
import { readWhole } from './read-whole.ts';
import { retryAfter } from './retry-after.ts';

/** A status that is not an answer, as the failure table has it. Reads the body only for what a client can do about it. */
export async function refused(response: Response): Promise<ProviderFailure> {
  const { status } = response;
  if (status < 400 || status >= 500 || STATUS_SAYS_ALL.has(status)) {
    await response.body?.cancel();
    return refusedWith(status, '', retryAfter(response));
  }
  const error = errorOf(await readWhole(response).catch(() => ({})));
  if (error['code'] === 'content_filter') return filtered(status);
  const { message } = error;
  return refusedWith(status, typeof message === 'string' ? message : `status ${status}`);
}

const STATUS_SAYS_ALL: ReadonlySet<number> = new Set([401, 403, 429]);

/** The failure of a status. `reason` is the provider's own words about a bad parameter. */
export function refusedWith(status: number, reason: string, retryAfterSeconds?: number): ProviderFailure {
  if (status === 401 || status === 403) {
    return new ProviderFailure('provider_auth_error', 'The provider refused the gateway’s key.', { status });
  }
  if (status === 429) {
    const message = 'The provider is limiting the rate of calls. Try again later.';
    return new ProviderFailure('provider_rate_limited', message, { status, again: true, retryAfterSeconds });
  }
  if (status >= 500 || status < 400) {
    const message = `The provider failed (status ${status}).`;
    return new ProviderFailure('provider_error', message, {
      status,
      again: status >= 500,
      retryAfterSeconds,
    });
  }
  const message = `The provider rejected the request: ${shortened(reason)}`;
  return new ProviderFailure('provider_rejected', message, { status });
}

/** Azure's content management policy found something in the prompt: no other attempt will help. */
function filtered(status: number): ProviderFailure {
  const message = 'The provider’s content filter refused the request. Please rephrase it.';
  return new ProviderFailure('content_filter', message, { status });
}

/** `error` is an object or a text; some servers send the object in a list (Gemini), some send the fields bare (Cohere, Mistral). */
function errorOf(body: JsonObject): JsonObject {
  const { error } = body;
  if (isObject(error)) return error;
  if (typeof error === 'string') return { message: error };
  return body;
}

/** Without control characters, and no longer than a person reads. */
function shortened(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 300);
}
