import type { Cost, Usage } from '#core/cost/usage.ts';

/** Micro-dollars as dollars: `$0.000123`, `$1.20`; an unknown price is said, never shown as zero. */
export function dollars(cost: Pick<Cost, 'micros'>): string {
  if (cost.micros === null) return 'price unknown';
  const value = cost.micros / 1_000_000;
  return `$${value.toFixed(value === 0 || value >= 1 ? 2 : 6)}`;
}

/** Tokens of all classes; the classes are disjoint. */
export function totalTokens(usage: Usage): number {
  const { input, cached_input, cache_write, cache_write_1h = 0, audio_input = 0 } = usage;
  const asked = input + cached_input + cache_write + cache_write_1h + audio_input;
  return asked + usage.output + usage.reasoning + usage.audio;
}

/** `850 µs`, `12.3 ms`, `4.20 s` from microseconds. */
export function duration(micros: number): string {
  if (micros < 1_000) return `${Math.max(0, Math.round(micros))} µs`;
  if (micros < 1_000_000) return `${(micros / 1_000).toFixed(1)} ms`;
  return `${(micros / 1_000_000).toFixed(2)} s`;
}

/** Microseconds between two ISO times. */
export function between(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) * 1_000;
}

/** Time of day in the reader's own zone, with seconds. */
export function clockTime(iso: string): string {
  return new Date(iso).toLocaleTimeString(undefined, { hour12: false });
}

/** `in 2 h 5 min`, `3 min ago`. */
export function distance(iso: string, now: number): string {
  const milliseconds = Date.parse(iso) - now;
  const minutes = Math.round(Math.abs(milliseconds) / 60_000);
  const amount = minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return milliseconds >= 0 ? `in ${amount}` : `${amount} ago`;
}

/** `1 call`, `1,204 calls`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString()} ${noun}${count === 1 ? '' : 's'}`;
}

/** `0 %`, `0.4 %`, `12 %` of a share from 0 to 1. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value === 0 || value >= 10 ? value.toFixed(0) : value.toFixed(1)} %`;
}

/** `2026-11-23 11:00` in UTC. */
export function dayTime(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

/** An ISO time as a field `datetime-local` takes it: the minute in the reader's own zone; empty for what is no time. */
export function localTime(iso: string): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return '';
  const zone = new Date(at).getTimezoneOffset() * 60_000;
  return new Date(at - zone).toISOString().slice(0, 16);
}

/** The ISO time of a `datetime-local` field; empty for an empty one. */
export function fromLocalTime(local: string): string {
  return local ? new Date(local).toISOString() : '';
}
