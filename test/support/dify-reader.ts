/** What Dify's OpenAI-compatible plugin makes of an answer, by the rules in research/dify-client.md §4. */
export interface DifyAnswer {
  readonly text: string;
  readonly finishReason: string | undefined;
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number } | undefined;
  /** Calls of tools as an agent gets them, once the stream has ended. */
  readonly calls: readonly { readonly name: string; readonly arguments: string }[];
  /** What the person is shown as the error of the run. */
  readonly error: string | undefined;
  /** The stream was ended silently by something that is not JSON: the worst of all outcomes. */
  readonly silent: boolean;
  /** The body as it came, with the time of its last byte and of `[DONE]` (epoch milliseconds). */
  readonly raw: string;
  readonly status: number;
  readonly headers: Headers;
  readonly doneAt: number;
  readonly endedAt: number;
}

export interface ReadOptions {
  /** Default `\n\n`; emptied by an operator, every kind of line break splits. */
  readonly stream_mode_delimiter?: string;
  /** Default `not_supported`: a leading think block is stripped. */
  readonly agent_thought_support?: 'not_supported' | 'supported' | 'only_thinking_supported';
}

/** Reads one answer to its end, streamed or whole. Never throws: an error is what Dify would show. */
export async function readLikeDify(
  response: Response,
  stream: boolean,
  options: ReadOptions = {},
): Promise<DifyAnswer> {
  const { status, headers } = response;
  const parts = { text: '', finishReason: undefined, usage: undefined, calls: [], error: undefined };
  const times = { raw: '', doneAt: 0, endedAt: 0, status, headers };
  const state: State = { ...parts, ...times, silent: false, thinking: false };
  try {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    for await (const bytes of response.body ?? []) {
      state.raw += decoder.decode(bytes, { stream: true });
      if (state.doneAt === 0 && state.raw.includes('[DONE]')) state.doneAt = Date.now();
    }
  } catch {
    state.error = 'ChunkedEncodingError';
  }
  state.endedAt = Date.now();
  if (status !== 200) {
    return { ...state, error: `API request failed with status code ${status}: ${state.raw}` };
  }
  if (stream) readBlocks(state, options);
  else readWhole(state);
  if (options.agent_thought_support !== 'supported') {
    state.text = state.text.replace(/^\s*<think>[\s\S]*?<\/think>\s*/, '');
  }
  return state;
}

interface State extends Mutable<DifyAnswer> {
  thinking: boolean;
  calls: Call[];
}
type Mutable<T> = { -readonly [key in keyof T]: T[key] };
interface Call {
  id?: string | undefined;
  name: string;
  arguments: string;
}
interface Spoken {
  content?: string | null;
  reasoning?: string | null;
  reasoning_content?: string | null;
  tool_calls?:
    | { id?: string | null; function?: { name?: string | null; arguments?: string | null } }[]
    | null;
}
interface Frame {
  error?: unknown;
  usage?: DifyAnswer['usage'];
  choices?: { delta?: Spoken; message?: Spoken; text?: string; finish_reason?: string | null }[] | null;
}

function readBlocks(state: State, { stream_mode_delimiter: delimiter = '\n\n' }: ReadOptions): void {
  const blocks = state.raw.split(delimiter === '' ? /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/ : delimiter);
  for (const part of blocks) {
    const block = part.trim();
    if (block === '' || block.startsWith(':')) continue;
    const data = block.replace(/^data:/, '').trimStart();
    if (data === '[DONE]') continue;
    const frame = parse(data);
    if (!frame) {
      state.silent = true;
      state.finishReason = 'Non-JSON encountered.';
      return;
    }
    if (frame.error && !frame.choices) {
      state.error = typeof frame.error === 'string' ? frame.error : JSON.stringify(frame.error);
      return;
    }
    if (frame.choices === undefined) {
      state.error = "KeyError 'choices'";
      return;
    }
    if (frame.usage) state.usage = frame.usage;
    const [choice] = frame.choices ?? [];
    if (!choice) continue;
    state.finishReason = choice.finish_reason ?? undefined;
    state.text += choice.text ?? '';
    if (choice.delta) readDelta(state, choice.delta);
  }
  if (state.thinking) state.text += '\n</think>';
}

function readDelta(state: State, delta: Spoken): void {
  const thought = delta.reasoning ?? delta.reasoning_content ?? '';
  if (thought !== '' && !state.thinking) state.text += '<think>\n';
  if (thought !== '') state.thinking = true;
  state.text += thought;
  if (delta.content) {
    if (state.thinking) state.text += '\n</think>';
    state.thinking = false;
    state.text += delta.content;
  }
  for (const call of delta.tool_calls ?? []) mergeCall(state.calls, call);
}

/** By id; `index` is ignored, and a delta without id belongs to the call that was opened last. */
function mergeCall(calls: Call[], { id, function: fn }: NonNullable<Spoken['tool_calls']>[number]): void {
  const known = id ? calls.find((call) => call.id === id) : fn?.name ? undefined : calls.at(-1);
  if (!known && !id && !fn?.name) throw new Error('IndexError: list index out of range');
  const call = known ?? { id: id ?? 'generated', name: '', arguments: '' };
  if (!known) calls.push(call);
  call.name ||= fn?.name ?? '';
  call.arguments += fn?.arguments ?? '';
}

function readWhole(state: State): void {
  const frame = parse(state.raw);
  const [choice] = frame?.choices ?? [];
  if (!choice) {
    state.error = 'LLM response returned no choices';
    return;
  }
  const thought = choice.message?.reasoning ?? choice.message?.reasoning_content;
  state.text = `${thought ? `<think>\n${thought}\n</think>` : ''}${choice.message?.content ?? choice.text ?? ''}`;
  for (const call of choice.message?.tool_calls ?? []) mergeCall(state.calls, call);
  state.usage = frame?.usage;
  // Dropped by Dify; kept here to compare.
  state.finishReason = choice.finish_reason ?? undefined;
}

function parse(text: string): Frame | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Frame)
      : undefined;
  } catch {
    return undefined;
  }
}
