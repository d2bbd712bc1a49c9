import { ProviderFailure } from './failure.ts';
import type { ProviderCall } from './provider.ts';

export interface Wire {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text, or a form: `fetch` then adds the content type with the boundary. */
  readonly body: string | FormData;
}

/** Posts one request. Throws ProviderFailure when nothing answers, or not before the target's first-byte timeout. */
export async function send(call: ProviderCall, { url, headers, body }: Wire): Promise<Response> {
  const timeout = AbortSignal.timeout(call.target.timeout_ms);
  const started = new AbortController();
  const abort = () => started.abort();
  call.signal.addEventListener('abort', abort, { once: true });
  timeout.addEventListener('abort', abort, { once: true });
  if (call.signal.aborted) abort();
  try {
    return await call.fetch(url, {
      method: 'POST',
      // A redirect would take the key along to another host.
      redirect: 'manual',
      headers: {
        ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
        accept: accepts(call),
        'user-agent': 'keeptrusts-gateway',
        ...headers,
      },
      body,
      signal: started.signal,
    });
  } catch (cause) {
    if (timeout.aborted) throw tooLate(cause);
    throw unreachable(call.signal, cause);
  } finally {
    // The caller's signal keeps aborting the body; only the first-byte timer ends here.
    timeout.removeEventListener('abort', abort);
  }
}

function accepts({ operation, stream }: ProviderCall): string {
  if (operation === 'speech') return 'audio/*';
  return stream ? 'text/event-stream' : 'application/json';
}

function tooLate(cause: unknown): ProviderFailure {
  return new ProviderFailure('provider_timeout', 'The provider did not answer in time.', { cause });
}

function unreachable(signal: AbortSignal, cause: unknown): ProviderFailure {
  const again = !signal.aborted;
  return new ProviderFailure('provider_error', 'The provider could not be reached.', { again, cause });
}
