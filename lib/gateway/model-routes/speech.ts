import { NO_USAGE, type Usage } from '#core/cost/usage.ts';
import { GatewayError } from '#core/errors.ts';
import type { JsonObject } from '#core/json.ts';
import type { RelayedRoute } from '../relay.ts';
import { relayAudio } from '../relay-audio.ts';

/** What is to be spoken is judged before it is; the audio holds nothing else and is read by nobody. */
export const speech: RelayedRoute = {
  path: '/audio/speech',
  operation: 'speech',
  governance: { request: { input: 'user', instructions: 'system' }, answer: 'unread' },
  notices: 'error',
  streams: false,
  read,
  isProbe: () => false,
  worstCase: characters,
  relay: (relay) => relayAudio(relay, characters(relay.exchange.body)),
};

function read(body: JsonObject): JsonObject {
  const { input, stream_format: stream } = body;
  if (typeof input !== 'string' || input === '') {
    throw new GatewayError('invalid_request', 'The request needs "input": the text to be spoken.', {
      param: 'input',
    });
  }
  if (stream !== undefined && stream !== null && stream !== 'audio') {
    throw new GatewayError(
      'invalid_request',
      '"stream_format" must be "audio": the answer is sent as it comes.',
      {
        param: 'stream_format',
      },
    );
  }
  return body;
}

/** No provider says what it counted. */
function characters({ input }: JsonObject): Usage {
  return { ...NO_USAGE, characters: typeof input === 'string' ? input.length : 0, source: 'estimated' };
}
