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

/** The console API with one person's token. All calls throw ApiError. */
export interface Api {
  get<T>(path: string, signal?: AbortSignal): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  patch<T>(path: string, body: unknown): Promise<T>;
  /** A download: under the name the console gave it. */
  file(path: string, signal?: AbortSignal): Promise<NamedFile>;
}

interface NamedFile {
  readonly name: string;
  readonly content: Blob;
  /** Lines of this part of a file of events, and where the next part begins. */
  readonly rows: number;
  readonly next: string;
}

/** `onExpired` hears why the token does not open the console (any more). */
export function createApi(token: string, onExpired: (why: string) => void): Api {
  const authorization = `Bearer ${token}`;
  const watched = <T>(answer: Promise<T>) =>
    answer.catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 401) onExpired(error.message);
      throw error;
    });
  const call = <T>(path: string, init: RequestInit) => watched(send(path, init).then(readBody<T>));
  const change = <T>(method: string, path: string, body: unknown) =>
    call<T>(path, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return {
    get: (path, signal) => call(path, { headers: { authorization }, ...(signal && { signal }) }),
    post: (path, body) => change('POST', path, body),
    patch: (path, body) => change('PATCH', path, body),
    file: (path, signal) =>
      watched(send(path, { headers: { authorization }, ...(signal && { signal }) }).then(readFile)),
  };
}

async function send(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, init).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    throw new ApiError(0, 'unreachable', 'The console cannot be reached. It will be tried again.');
  });
  if (response.ok) return response;
  throw asError(response.status, await response.json().catch(() => null));
}

async function readBody<T>(response: Response): Promise<T> {
  return (await response.json().catch(() => null)) as T;
}

async function readFile(response: Response): Promise<NamedFile> {
  const [, name = 'keeptrusts.txt'] =
    /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '') ?? [];
  const rows = Number(response.headers.get('x-keeptrusts-rows'));
  const next = response.headers.get('x-keeptrusts-next') ?? '';
  return { name, rows, next, content: await response.blob() };
}

function asError(status: number, body: unknown): ApiError {
  const { error } = (body ?? {}) as { error?: { code?: string; message?: string } };
  return new ApiError(status, error?.code ?? 'unknown', error?.message ?? `The console answered ${status}.`);
}
