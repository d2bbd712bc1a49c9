import { crc32 } from 'node:zlib';
import { isObject, type JsonObject } from '#core/json.ts';

/** One line of a journal. `kind` says what it is; readers skip kinds they do not know. */
export interface JournalRecord extends JsonObject {
  kind: string;
}

/** The longest record a journal takes, in bytes of JSON. */
export const MAX_RECORD_BYTES = 8 * 1024 * 1024;

const HEAD = /^([0-9a-f]{8}) ([0-9]{1,8}) $/;
/** Checksum, two spaces and a length of at most eight digits. */
const HEAD_BYTES = 18;

/** `<crc32 hex> <bytes> <json>` and a line feed: readable by a person, and a torn or changed line shows. */
export function encodeRecord(record: JournalRecord): Buffer {
  const json = Buffer.from(JSON.stringify(record));
  if (json.length > MAX_RECORD_BYTES) {
    throw new RangeError(`a journal record may have ${MAX_RECORD_BYTES} bytes, this one has ${json.length}`);
  }
  const head = `${crc32(json).toString(16).padStart(8, '0')} ${json.length} `;
  return Buffer.concat([Buffer.from(head), json, Buffer.from('\n')]);
}

/** The record of a line (without its line feed), or undefined when the line is torn or was changed. */
export function decodeLine(line: Buffer): JournalRecord | undefined {
  const start = line.indexOf(0x20, 9) + 1;
  const head = HEAD.exec(line.toString('latin1', 0, Math.min(start, HEAD_BYTES)));
  const json = line.subarray(start);
  if (!head || Number(head[2]) !== json.length) return undefined;
  if (crc32(json) !== Number.parseInt(head[1] ?? '', 16)) return undefined;
  return parseRecord(json.toString());
}

function parseRecord(json: string): JournalRecord | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) && typeof value['kind'] === 'string' ? (value as JournalRecord) : undefined;
  } catch {
    return undefined;
  }
}
