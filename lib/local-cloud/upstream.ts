import { type ChatCompletionRequest, LLMock } from '@copilotkit/aimock';

export interface Upstream {
  /** With `/v1`, for `OPENAI_BASE_URL`. */
  readonly baseUrl: string;
  close(): Promise<void>;
}

/** At the end of every model name that did not answer itself. */
const STAND_IN_SUFFIX = '-stand-in';

/** How much of the question an answer repeats, in characters. */
const QUOTE = 2000;

/** Starts a provider that answers any chat request in words, token by token, and says in its `model` that it is none. */
export async function startStandIn(): Promise<Upstream> {
  const mock = new LLMock({ port: 0, host: '127.0.0.1', logLevel: 'silent', journalMaxEntries: 1 });
  mock.on({}, answer, { chunkSize: 4, streamingProfile: { ttft: 40, tps: 100 } });
  await mock.start();
  return { baseUrl: `${mock.url}/v1`, close: () => mock.stop() };
}

/** Repeating the question shows what the gateway made of it: placeholders go out, the originals come back. */
function answer(request: ChatCompletionRequest): { content: string; model: string } {
  const question = lastQuestion(request).slice(0, QUOTE);
  const said = `This is the built-in stand-in, not a language model. You wrote: ${question}`;
  const json = /json/.test((request['response_format'] as { type?: string } | undefined)?.type ?? '');
  const content = json ? JSON.stringify({ answer: said }) : said;
  return { content, model: `${request.model}${STAND_IN_SUFFIX}` };
}

function lastQuestion({ messages }: ChatCompletionRequest): string {
  const { content } = messages.findLast(({ role }) => role === 'user') ?? {};
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => (part.type === 'text' ? (part.text ?? '') : '')).join(' ');
}
