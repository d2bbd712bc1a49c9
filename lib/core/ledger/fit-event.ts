import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { LedgerEvent, PolicyRecord } from './event.ts';

/** How much of each open-ended part is kept. */
interface Limits {
  /** Characters of a text. */
  readonly text: number;
  /** Entries of a list or record. */
  readonly entries: number;
}

const STEPS: readonly Limits[] = [
  { text: 2000, entries: 200 },
  { text: 500, entries: 40 },
  { text: 200, entries: 8 },
  { text: 80, entries: 0 },
];

/** The smallest limit that every event can be cut to, in bytes of JSON. */
export const SMALLEST_FIT = 32_768;

/**
 * The event itself when its JSON has at most `maxBytes` bytes of UTF-8 (≥ SMALLEST_FIT), else a copy with the head and tail of what
 * is long, marked `truncated`. The copy keeps the hash of the whole event, so its place in the chain stays provable.
 */
export function fitEvent(event: LedgerEvent, maxBytes: number): LedgerEvent {
  let fitted = event;
  for (const limits of STEPS) {
    if (jsonBytes(fitted) <= maxBytes) return fitted;
    fitted = shorten(event, limits);
  }
  return fitted;
}

/** Bytes of the JSON of a value in UTF-8. */
export function jsonBytes(value: unknown): number {
  return utf8ToBytes(JSON.stringify(value)).length;
}

function shorten(event: LedgerEvent, limits: Limits): LedgerEvent {
  return {
    ...shortTexts(event, limits),
    ...(event.claims ? { claims: shortRecord(event.claims, limits) } : {}),
    cost_tags: shortRecord(event.cost_tags, limits),
    cost: shortTexts(event.cost, limits),
    attempts: ends(event.attempts, limits.entries).map((attempt) => shortTexts(attempt, limits)),
    policies: ends(event.policies, limits.entries).map((record) => shortPolicy(record, limits)),
    unscanned_parts: ends(event.unscanned_parts, limits.entries).map((part) => shortText(part, limits.text)),
    truncated: true,
  };
}

function shortPolicy(record: PolicyRecord, limits: Limits): PolicyRecord {
  return { ...shortTexts(record, limits), rules: shortRecord(record.rules, limits) };
}

/** Cuts the texts directly in an object; what is nested stays. */
function shortTexts<T extends object>(value: T, { text }: Limits): T {
  const entries = Object.entries(value).map(([name, entry]: [string, unknown]) => [
    name,
    typeof entry === 'string' ? shortText(entry, text) : entry,
  ]);
  return Object.fromEntries(entries) as T;
}

function shortRecord<T extends string | number>(
  record: Record<string, T>,
  limits: Limits,
): Record<string, T> {
  const kept = Object.entries(record).slice(0, limits.entries);
  const short = kept.map(([name, entry]) => [shortText(name, limits.text), entry] as const);
  return shortTexts(Object.fromEntries(short), limits);
}

function ends<T>(list: readonly T[], entries: number): T[] {
  if (list.length <= entries) return [...list];
  const head = Math.ceil(entries / 2);
  return [...list.slice(0, head), ...list.slice(list.length - (entries - head))];
}

/** The first and the last half, well formed where a surrogate pair was cut. */
function shortText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = Math.floor((limit - 1) / 2);
  return `${text.slice(0, half).toWellFormed()}…${text.slice(-half).toWellFormed()}`;
}
