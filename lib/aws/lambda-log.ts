import type { Clock, Log } from '#core/ports.ts';
import { withoutCredentials } from '#core/text/without-credentials.ts';
import { safeFields } from './safe-fields.ts';
import { systemClock } from './system-clock.ts';

export interface LambdaLogOptions {
  /** On every line, e.g. the function's name. */
  readonly always?: Readonly<Record<string, unknown>>;
  /** Gets one whole line, with its line feed. Default: standard output, which Lambda keeps. */
  readonly write?: (line: string) => void;
  readonly clock?: Clock;
}

/** One JSON object per line, without credentials. A field named `replay` holds a record that exists nowhere else: it is written whole. */
export function lambdaLog(options: LambdaLogOptions = {}): Log {
  const { always = {}, write = toStandardOutput, clock = systemClock } = options;

  function line(
    level: 'info' | 'error',
    message: string,
    { replay, ...fields }: Record<string, unknown>,
  ): void {
    const head = { time: new Date(clock.now()).toISOString(), level, message: withoutCredentials(message) };
    const whole = replay === undefined ? {} : { replay };
    write(`${JSON.stringify({ ...safeFields({ ...always, ...fields }), ...head, ...whole })}\n`);
  }

  return {
    info: (message, fields = {}) => line('info', message, fields),
    error: (message, fields = {}) => line('error', message, fields),
  };
}

function toStandardOutput(line: string): void {
  process.stdout.write(line);
}
