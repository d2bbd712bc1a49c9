import { completionTokens, promptTokens, type Usage } from '#core/cost/usage.ts';
import type { JsonObject } from '#core/json.ts';
import { type Cue, joinCues, type Transcript, writeSrt, writeVtt } from '#core/openai/transcript.ts';
import type { AnswerContext, AnswerFormat, WholeFormat } from '../answer-format.ts';

/** Our own words in the form a transcript was asked for. */
export const ownTranscript: AnswerFormat = {
  contentType: ({ asked }) =>
    isPlain(asked['response_format']) ? 'text/plain; charset=utf-8' : 'application/json',
  own: (exchange, text) => write(exchange, { text, segments: [], words: [] }),
};

/**
 * A provider's transcript after the guard. Its text, its segments and its words are the choices 0, 1 and 2, because a match may
 * go over the border of two of them. Times are only known of what was said: where anything was edited, one segment holds it all.
 */
export function transcriptFormat(transcript: Transcript): WholeFormat {
  return {
    ...ownTranscript,
    whole({ exchange, choices }) {
      const guarded = textsOf(transcript).map((_, index) => choices.get(index)?.text.get('content') ?? '');
      const untouched = textsOf(transcript).every((text, index) => text === guarded[index]);
      const [text = ''] = guarded;
      return write(exchange, untouched ? transcript : { ...transcript, text, segments: [], words: [] });
    },
  };
}

/** What of a transcript can hold text: one text per choice. */
export function textsOf({ text, segments, words }: Transcript): string[] {
  return [text, joinCues(segments), joinCues(words)];
}

function isPlain(format: unknown): boolean {
  return format === 'text' || format === 'srt' || format === 'vtt';
}

function write({ asked, usage }: AnswerContext, transcript: Transcript): string {
  const { text, language, duration = 0, segments, words } = transcript;
  const cues: readonly (Cue & { measures?: JsonObject })[] =
    segments.length > 0 ? segments : [{ start: 0, end: duration, text }];
  switch (asked['response_format']) {
    case 'text':
      return `${text}\n`;
    case 'srt':
      return writeSrt(cues);
    case 'vtt':
      return writeVtt(cues);
    case 'verbose_json':
      return JSON.stringify({
        task: 'transcribe',
        ...(language === undefined ? {} : { language }),
        duration,
        text,
        segments: cues.map(({ measures, ...cue }, id) => ({ id, ...measures, ...cue, tokens: [] })),
        ...(words.length > 0 ? { words: words.map(({ text: word, ...times }) => ({ word, ...times })) } : {}),
        usage: writeAudioUsage(usage),
      });
    default:
      return JSON.stringify({ text, usage: writeAudioUsage(usage) });
  }
}

function writeAudioUsage(usage: Usage): JsonObject {
  if (usage.seconds !== undefined) return { type: 'duration', seconds: usage.seconds };
  const input = promptTokens(usage);
  const output = completionTokens(usage);
  return { type: 'tokens', input_tokens: input, output_tokens: output, total_tokens: input + output };
}
