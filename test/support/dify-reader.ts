/** What Dify's OpenAI-compatible plugin makes of an answer, by the rules in research/dify-client.md §4. */
export interface DifyAnswer {
  readonly text: string;
  readonly finishReason: string | undefined;
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number } | undefined;
  /** What the person is shown as the error of the run. */
  readonly error: string | undefined;
  /** The stream was ended silently by something that is not JSON: the worst of all outcomes. */
  readonly silent: boolean;
}

/** Reads one answer to its end, streamed or whole. Never throws: an error is what Dify would show. */
export async function readLikeDify(response: Response, stream: boolean): Promise<DifyAnswer> {
  const read = { text: '', finishReason: undefined, usage: undefined, error: undefined, silent: false };
  const state: Mutable<DifyAnswer> = read;
  let body = '';
  try {
    const decoder = new TextDecoder();
    for await (const bytes of response.body ?? []) body += decoder.decode(bytes, { stream: true });
  } catch {
    state.error = 'ChunkedEncodingError';
  }
  if (response.status !== 200) {
    return { ...state, error: `API request failed with status code ${response.status}: ${body}` };
  }
  if (stream) readBlocks(body, state);
  else readWhole(body, state);
  return state;
}

type Mutable<T> = { -readonly [key in keyof T]: T[key] };
interface Frame {
  error?: unknown;
  usage?: DifyAnswer['usage'];
  choices?:
    | {
        delta?: { content?: string | null };
        message?: { content?: string | null };
        finish_reason?: string | null;
      }[]
    | null;
}

function readBlocks(body: string, state: Mutable<DifyAnswer>): void {
  for (const part of body.split('\n\n')) {
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
    state.text += choice.delta?.content ?? '';
  }
}

function readWhole(body: string, state: Mutable<DifyAnswer>): void {
  const frame = parse(body);
  const [choice] = frame?.choices ?? [];
  if (!choice) {
    state.error = 'LLM response returned no choices';
    return;
  }
  state.text = choice.message?.content ?? '';
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
