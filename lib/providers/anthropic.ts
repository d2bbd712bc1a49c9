import { toCompletion } from './anthropic/answer.ts';
import { messagesRequest } from './anthropic/request.ts';
import { toChunks } from './anthropic/stream.ts';
import { lacking, ProviderFailure } from './failure.ts';
import type { Dialect, ProviderAnswer } from './provider.ts';
import { readWhole } from './read-whole.ts';
import { refused } from './refused.ts';
import { send } from './send.ts';

const VERSION = '2023-06-01';

/** Anthropic's Messages API. */
export const anthropic: Dialect = async (call) => {
  if (call.operation !== 'chat') throw lacking('anthropic', call.operation);
  const { body, legacy } = messagesRequest(call);
  const response = await send(call, {
    url: `${call.baseUrl}/messages`,
    headers: { 'x-api-key': call.key.reveal(), 'anthropic-version': VERSION },
    body: JSON.stringify(body),
  });
  const requestId = response.headers.get('request-id')?.slice(0, 128);
  const id = requestId ? { requestId } : {};
  if (!response.ok) throw await refused(response);
  return { ...(await readAnswer(response, call, legacy)), ...id };
};

async function readAnswer(
  response: Response,
  { stream, target }: { stream: boolean; target: { idle_timeout_ms: number } },
  legacy: boolean,
): Promise<ProviderAnswer> {
  const type = response.headers.get('content-type') ?? '';
  if (stream && type.includes('text/event-stream')) {
    return {
      kind: 'stream',
      chunks: toChunks(response, target.idle_timeout_ms, legacy),
    };
  }
  const message = await readWhole(response);
  // Also a proxy's page or a stream that nobody asked for.
  if (message['type'] !== 'message' || stream) throw noMessage(response.status);
  return { kind: 'whole', body: toCompletion(message, legacy) };
}

function noMessage(status: number): ProviderFailure {
  const message = 'The provider answered with something that is not a message.';
  return new ProviderFailure('provider_error', message, { status, again: true });
}
