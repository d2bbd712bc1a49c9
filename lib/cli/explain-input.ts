import { GatewayError } from '#core/errors.ts';
import { isObject, type JsonObject } from '#core/json.ts';
import { readJson } from '#core/openai/read-json.ts';
import type { Pack } from '#core/pack/pack.ts';
import type { AnswerDelta } from '#core/policy/answer.ts';
import { partsOf } from '#gateway/answer-parts.ts';
import { CliError } from './cli-error.ts';
import { readTextFile } from './pack-file.ts';
import type { Terminal } from './terminal.ts';

/** The provider's answer that an explanation is about. */
export interface ExplainedAnswer {
  readonly deltas: readonly AnswerDelta[];
  readonly finishReason: string;
}

/** `--prompt` as a chat request, or the one in the file of `--request`. */
export async function requestOf(
  { prompt, request }: { readonly prompt?: string; readonly request?: string },
  pack: Pack,
  terminal: Terminal,
): Promise<JsonObject> {
  if ((prompt === undefined) === (request === undefined)) {
    throw new CliError('Give either --prompt <text> or --request <file>.');
  }
  const model = pack.targets[0]?.model ?? '';
  if (request === undefined) return { model, messages: [{ role: 'user', content: prompt ?? '' }] };
  const body = await readJsonFile(request, terminal);
  if (!Array.isArray(body['messages']) || !body['messages'].every(isObject)) {
    throw new CliError(`${request} is no chat request: it needs "messages", a list of message objects.`);
  }
  return { model, ...body };
}

/** `--response`: the text of an answer, or with `@` before it the file of a chat completion. */
export async function answerOf(
  response: string | undefined,
  terminal: Terminal,
): Promise<ExplainedAnswer | undefined> {
  if (response === undefined) return undefined;
  if (!response.startsWith('@')) {
    return { deltas: [{ choice: 0, kind: 'content', text: response }], finishReason: 'stop' };
  }
  const file = response.slice(1);
  const body = await readJsonFile(file, terminal);
  const [choice] = Array.isArray(body['choices']) ? body['choices'] : [];
  const message = isObject(choice) ? choice['message'] : undefined;
  if (!isObject(choice) || !isObject(message)) {
    throw new CliError(`${file} is no chat completion: it needs "choices" with a "message".`);
  }
  const finish = choice['finish_reason'];
  return {
    deltas: partsOf(0, message, new Map()),
    finishReason: typeof finish === 'string' ? finish : 'stop',
  };
}

async function readJsonFile(file: string, terminal: Terminal): Promise<JsonObject> {
  const text = await readTextFile(file, terminal, `There is no file ${file}.`);
  try {
    const value = readJson(text);
    if (isObject(value)) return value;
  } catch (error) {
    if (error instanceof GatewayError) throw new CliError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
  throw new CliError(`${file} does not hold a JSON object.`);
}
