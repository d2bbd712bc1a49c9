import { isObject, type Json, type JsonObject } from '#core/json.ts';

/** Most that is kept beside one choice. */
const MAX_ITEMS = 100_000;
const AUDIO_ID = /^[A-Za-z0-9_-]{1,128}$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** What a provider sent beside the text of one choice. It repeats the text or goes with it, and is not guarded yet. */
export interface Beside {
  /** Log probabilities, token by token. */
  readonly tokens: Json[];
  /** Citations. */
  readonly annotations: Json[];
  /** The answer as sound, base64 in pieces. */
  readonly sound: string[];
  audio: { id?: string; expires_at?: number };
}

/** Choice → what stands beside it. */
export type BesideAll = Map<number, Beside>;

/** What of it may go out. */
export interface Released {
  readonly logprobs?: readonly JsonObject[];
  readonly annotations?: readonly JsonObject[];
  readonly audio?: JsonObject;
}

/** Which of it the client asked for; the rest is dropped at once. */
export interface Wanted {
  readonly logprobs: boolean;
  readonly audio: boolean;
}

export function wantedBeside({ logprobs, modalities }: JsonObject): Wanted {
  return { logprobs: logprobs === true, audio: Array.isArray(modalities) && modalities.includes('audio') };
}

/** Keeps what came with a choice or a delta of it. */
export function noteBeside(
  all: BesideAll,
  index: number,
  choice: JsonObject,
  fields: JsonObject,
  wanted: Wanted,
): void {
  const known = all.get(index);
  const beside = known ?? { tokens: [], annotations: [], sound: [], audio: {} };
  const { logprobs } = choice;
  const { annotations, audio } = fields;
  if (wanted.logprobs && isObject(logprobs)) keep(beside.tokens, logprobs['content']);
  keep(beside.annotations, annotations);
  if (wanted.audio && isObject(audio)) noteAudio(beside, audio);
  if (!known) all.set(index, beside);
}

function keep(into: Json[], items: Json | undefined): void {
  if (!Array.isArray(items) || into.length + items.length > MAX_ITEMS) return;
  for (const item of items) into.push(item);
}

function noteAudio(beside: Beside, { id, expires_at, data }: JsonObject): void {
  if (typeof id === 'string' && AUDIO_ID.test(id)) beside.audio.id = id;
  if (typeof expires_at === 'number') beside.audio.expires_at = expires_at;
  if (typeof data === 'string' && BASE64.test(data)) beside.sound.push(data);
}
