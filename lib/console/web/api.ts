/** What the console API answered instead of data; status 0 means it could not be reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The console API with one person's token. Both calls throw ApiError. */
export interface Api {
  get<T>(path: string, signal?: AbortSignal): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
}

/** `onExpired` hears why the token does not open the console (any more). */
export function createApi(token: string, onExpired: (why: string) => void): Api {
  const authorization = `Bearer ${token}`;
  const call = <T>(path: string, init: RequestInit) =>
    send<T>(path, init).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 401) onExpired(error.message);
      throw error;
    });
  return {
    get: (path, signal) => call(path, { headers: { authorization }, ...(signal && { signal }) }),
    post: (path, body) =>
      call(path, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
  };
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(path, init).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    throw new ApiError(0, 'unreachable', 'The console cannot be reached. It will be tried again.');
  });
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as T;
  throw asError(response.status, body);
}

function asError(status: number, body: unknown): ApiError {
  const { error } = (body ?? {}) as { error?: { code?: string; message?: string } };
  return new ApiError(status, error?.code ?? 'unknown', error?.message ?? `The console answered ${status}.`);
}
