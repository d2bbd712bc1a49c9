import { NO_USAGE } from '#core/cost/usage.ts';
import { GatewayError } from '#core/errors.ts';
import type { JsonObject } from '#core/json.ts';
import { ownTranscript } from '../formats/transcript.ts';
import type { RelayedRoute } from '../relay.ts';
import { relayTranscript } from '../relay-transcript.ts';

const FORMATS = ['json', 'text', 'verbose_json', 'srt', 'vtt'];
/** Of speech at the lowest bit rate in use: what a file may be at most. */
const BYTES_PER_SECOND = 1000;

/** The audio itself is read by nobody and noted on the event; what was said in it is guarded like any answer. */
export const transcriptions: RelayedRoute = {
  path: '/audio/transcriptions',
  operation: 'transcription',
  governance: { request: { prompt: 'user' }, answer: 'every-text' },
  notices: 'error',
  streams: false,
  form: [
    'model',
    'language',
    'prompt',
    'response_format',
    'temperature',
    'timestamp_granularities',
    'chunking_strategy',
    'user',
  ],
  format: ownTranscript,
  read,
  isProbe: () => false,
  worstCase: (_body, _texts, file) => ({
    ...NO_USAGE,
    seconds: Math.ceil((file?.bytes.byteLength ?? 0) / BYTES_PER_SECOND),
    source: 'estimated',
  }),
  relay: relayTranscript,
};

/** Subtitles are written here, from guarded text; the provider is asked for text with times. */
function read({ response_format: format = 'json', ...body }: JsonObject): JsonObject {
  if (typeof format !== 'string' || !FORMATS.includes(format)) {
    throw new GatewayError('invalid_request', `"response_format" must be one of ${FORMATS.join(', ')}.`, {
      param: 'response_format',
    });
  }
  if (format === 'json' || format === 'text') return { ...body, response_format: 'json' };
  const granularities = format === 'verbose_json' ? {} : { timestamp_granularities: ['segment'] };
  return { ...body, ...granularities, response_format: 'verbose_json' };
}
