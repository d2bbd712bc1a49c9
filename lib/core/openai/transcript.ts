import { isObject, type Json, type JsonObject } from '#core/json.ts';

/** A piece of a transcript and when it was said, in seconds. */
export interface Cue {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Transcript {
  readonly text: string;
  readonly language?: string | undefined;
  /** Seconds. */
  readonly duration?: number | undefined;
  readonly segments: readonly (Cue & { readonly measures?: JsonObject })[];
  readonly words: readonly Cue[];
}

/** Numbers of a segment that say nothing about its words; its tokens would. */
const MEASURES = ['id', 'seek', 'temperature', 'avg_logprob', 'compression_ratio', 'no_speech_prob'];

/** A provider's transcript in `json` or `verbose_json`; undefined when it is none. */
export function readTranscript(body: JsonObject): Transcript | undefined {
  const { text, language, duration, segments, words } = body;
  if (typeof text !== 'string') return undefined;
  return {
    text,
    language:
      typeof language === 'string' && /^[A-Za-z][A-Za-z -]{1,31}$/.test(language) ? language : undefined,
    duration: typeof duration === 'number' ? duration : undefined,
    segments: list(segments).flatMap((item) => {
      const cue = readCue(item, item['text']);
      return cue ? [{ ...cue, measures: measuresOf(item) }] : [];
    }),
    words: list(words).flatMap((item) => readCue(item, item['word']) ?? []),
  };
}

/** Their texts in one, as the person would read them. */
export function joinCues(cues: readonly Cue[]): string {
  return cues.map(({ text }) => text.trim()).join(' ');
}

/** SubRip. */
export function writeSrt(cues: readonly Cue[]): string {
  return cues.map((cue, i) => `${i + 1}\n${span(cue, ',')}\n${line(cue.text)}\n\n`).join('');
}

/** WebVTT. */
export function writeVtt(cues: readonly Cue[]): string {
  return `WEBVTT\n\n${cues.map((cue) => `${span(cue, '.')}\n${line(cue.text)}\n\n`).join('')}`;
}

function list(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function readCue({ start, end }: JsonObject, text: Json | undefined): Cue | undefined {
  const isCue = typeof start === 'number' && typeof end === 'number' && typeof text === 'string';
  return isCue ? { start, end, text } : undefined;
}

function measuresOf(item: JsonObject): JsonObject {
  const entries = MEASURES.map((name) => [name, item[name]] as const);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

function span({ start, end }: Cue, comma: string): string {
  return `${clock(start, comma)} --> ${clock(end, comma)}`;
}

function clock(seconds: number, comma: string): string {
  const ms = Math.max(0, Math.round(seconds * 1000));
  const part = (unit: number, size: number, digits = 2) =>
    String(Math.floor(ms / unit) % size).padStart(digits, '0');
  const hours = String(Math.floor(ms / 3_600_000)).padStart(2, '0');
  return `${hours}:${part(60_000, 60)}:${part(1000, 60)}${comma}${part(1, 1000, 3)}`;
}

/** A cue ends at an empty line and times stand around an arrow: neither may come out of a text. */
function line(text: string): string {
  return text.trim().replace(/\s+/g, ' ').replaceAll('-->', '->');
}
