import { type DifyAnswer, type ReadOptions, readLikeDify } from './dify-reader.ts';

/** The fields of Dify's form that change what is sent (research/dify-client.md §1). */
export interface Credentials extends ReadOptions {
  readonly endpoint_url: string;
  readonly api_key: string;
  readonly model: string;
  readonly endpoint_model_name: string;
  readonly mode: 'chat' | 'completion';
  readonly function_calling_type: 'no_call' | 'tool_call' | 'function_call';
  readonly token_param_name: 'max_tokens' | 'max_completion_tokens';
  /** Since 0.0.61; older plugins never ask for usage. */
  readonly stream_include_usage: boolean;
  readonly user_identity_support: boolean;
  /** SDK 0.9.0 escapes what is not ASCII, 0.10.1 sends UTF-8. */
  readonly ascii: boolean;
}

interface Ask {
  readonly messages: readonly object[];
  readonly stream: boolean;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly tools?: readonly object[];
  readonly stop?: readonly string[];
  readonly user?: string;
}

/** Dify's plugin "OpenAI-API-compatible" 0.0.63 as far as the wire shows it: how it asks (§2, §3) and how it reads (§4). */
export interface Plugin {
  invoke(ask: Ask | string, stream?: boolean): Promise<DifyAnswer>;
  /** What an admin sees when a model is saved; undefined when it is accepted. */
  validate(options?: { stream?: boolean }): Promise<string | undefined>;
  embed(texts: readonly string[]): Promise<{ vectors: number[][]; error: string | undefined }>;
  rerank(
    query: string,
    documents: readonly string[],
  ): Promise<{ results: unknown[]; error: string | undefined }>;
  post(path: string, body: object): Promise<Response>;
}

export function difyPlugin(
  given: Partial<Credentials> & Pick<Credentials, 'endpoint_url' | 'api_key'>,
): Plugin {
  const form: Credentials = {
    model: 'gpt-4o',
    endpoint_model_name: '',
    mode: 'chat',
    function_calling_type: 'no_call',
    token_param_name: 'max_tokens',
    stream_include_usage: true,
    user_identity_support: true,
    ascii: true,
    ...given,
  };
  const model = form.endpoint_model_name || form.model;
  const post = (path: string, body: object) => send(form, path, body);
  return {
    post,
    async invoke(ask, stream = true) {
      const asked = typeof ask === 'string' ? { messages: [{ role: 'user', content: ask }], stream } : ask;
      const path = form.mode === 'chat' ? 'chat/completions' : 'completions';
      return readLikeDify(await post(path, bodyOf(form, model, asked)), asked.stream, form);
    },
    async validate({ stream = false } = {}) {
      const said =
        form.mode === 'chat' ? { messages: [{ role: 'user', content: 'ping' }] } : { prompt: 'ping' };
      const limit = { [form.token_param_name]: stream ? 10 : 5 };
      const path = form.mode === 'chat' ? 'chat/completions' : 'completions';
      const response = await post(path, { model, ...limit, ...said, ...(stream ? { stream } : {}) });
      if (stream && response.status === 200) return void (await response.body?.cancel());
      return validationError(response, form.mode === 'chat' ? 'chat.completion' : 'text_completion');
    },
    async embed(input) {
      const response = await post('embeddings', { model, input });
      if (response.status >= 400) return { vectors: [], error: raised(response) };
      const { data } = (await response.json()) as { data: { embedding: number[] }[] };
      return { vectors: data.map(({ embedding }) => embedding), error: undefined };
    },
    async rerank(query, documents) {
      const response = await post('rerank', { model, query, documents, top_n: documents.length });
      if (response.status >= 400) return { results: [], error: raised(response) };
      return { results: ((await response.json()) as { results: unknown[] }).results, error: undefined };
    },
  };
}

/** Base without slashes at its end, a slash, the path; a query takes the last segment with it. */
function joined(endpoint: string, path: string): string {
  return new URL(path, `${endpoint.replace(/\/+$/, '')}/`).href;
}

function send({ endpoint_url, api_key, ascii }: Credentials, path: string, body: object): Promise<Response> {
  const text = JSON.stringify(body);
  return fetch(joined(endpoint_url, path), {
    method: 'POST',
    headers: {
      'user-agent': 'python-requests/2.32.5',
      accept: '*/*',
      'accept-encoding': 'gzip, deflate',
      'accept-charset': 'utf-8',
      'content-type': 'application/json',
      ...(api_key ? { authorization: `Bearer ${api_key}` } : {}),
    },
    body: ascii ? escaped(text) : text,
    redirect: 'manual',
  });
}

function escaped(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function bodyOf(form: Credentials, model: string, ask: Ask): object {
  const { messages, stream, params = {}, tools = [], stop = [], user } = ask;
  const { max_tokens: limit, ...others } = params;
  const functions = tools.map((tool) => (tool as { function: object }).function);
  const calls = {
    no_call: {},
    tool_call: { tools, tool_choice: 'auto' },
    function_call: { functions },
  }[form.function_calling_type];
  const prompt = (messages[0] as { content: string }).content;
  return {
    model,
    stream,
    ...(limit === undefined ? {} : { [form.token_param_name]: limit }),
    ...others,
    ...(stream && form.stream_include_usage ? { stream_options: { include_usage: true } } : {}),
    ...(form.mode === 'chat' ? { messages } : { prompt }),
    ...(tools.length > 0 ? calls : {}),
    ...(stop.length > 0 ? { stop } : {}),
    ...(user !== undefined && form.user_identity_support ? { user } : {}),
  };
}

async function validationError(response: Response, object: string): Promise<string | undefined> {
  const body = await response.text();
  if (response.status !== 200)
    return `Credentials validation failed with status code ${response.status} and response body ${body}`;
  try {
    const answer = JSON.parse(body) as { object?: unknown };
    if (answer.object === undefined || answer.object === '' || answer.object === object) return undefined;
    return `Credentials validation failed: invalid response ${body}, status code 200, response object ${object}`;
  } catch {
    return `Credentials validation failed: JSON decode error, response body ${body}`;
  }
}

/** `requests.raise_for_status`: the body is lost, only the reason phrase is shown. */
function raised({ status, statusText, url }: Response): string {
  return `${status} ${status < 500 ? 'Client' : 'Server'} Error: ${statusText} for url: ${url}`;
}
