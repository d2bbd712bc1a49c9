import type { Clock, Log } from '#core/ports.ts';
import { printable } from './printable.ts';

export interface TerminalLogOptions {
  /** Gets one line, without its line feed. */
  readonly write: (line: string) => void;
  readonly clock: Clock;
  /** `text` reads well; `json` is one object per line. */
  readonly format: 'text' | 'json';
}

type Fields = Readonly<Record<string, unknown>>;

/** A record that exists nowhere else travels in this field and is written whole, in either format. */
const REPLAY = 'replay';
/** Shown in this order at the head of a line; the rest follows as name=value. */
const LEAD = ['status', 'verdict', 'app', 'model', 'ms'] as const;
const UNITS: Readonly<Record<string, string>> = { ms: ' ms' };

/** One line per call: when, how it ended, for whom, and below it nothing. The chain's evaluation is at its end. */
export function terminalLog({ write, clock, format }: TerminalLogOptions): Log {
  function line(level: 'info' | 'error', message: string, fields: Fields): void {
    const time = new Date(clock.now()).toISOString();
    write(
      format === 'json'
        ? JSON.stringify({ ...fields, time, level, message })
        : asText(time, level, message, fields),
    );
  }
  return {
    info: (message, fields = {}) => line('info', message, fields),
    error: (message, fields = {}) => line('error', message, fields),
  };
}

function asText(time: string, level: string, message: string, fields: Fields): string {
  const { chain, [REPLAY]: replay, ...rest } = fields;
  const lead = LEAD.filter((name) => rest[name] !== undefined).map(
    (name) => show(rest[name]) + (UNITS[name] ?? ''),
  );
  const others = Object.entries(rest)
    .filter(([name, value]) => value !== undefined && !LEAD.some((leading) => leading === name))
    .map(([name, value]) => `${name}=${show(value)}`);
  const mark = level === 'error' ? 'ERROR ' : '';
  const steps = Array.isArray(chain) && chain.length > 0 ? [`[${chain.map(show).join(' › ')}]`] : [];
  const whole = replay === undefined ? [] : [JSON.stringify(replay)];
  return [time.slice(11, 23), mark + message, ...lead, ...others, ...steps, ...whole].join('  ');
}

function show(value: unknown): string {
  return printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined'));
}
