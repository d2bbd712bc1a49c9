import type { RecordAct } from '#core/ledger/plain-event.ts';
import type {
  App,
  Clock,
  EventReader,
  EventSink,
  KeyRing,
  Log,
  ReviewDesk,
  UsageReader,
} from '#core/ports.ts';
import type { Page } from './web-assets.ts';

/** What the console needs from the world. It reads, and asks `decide` for the one thing it may change. */
export interface ConsolePorts {
  readonly keys: Pick<KeyRing, 'findToken'>;
  readonly events: EventReader;
  /** Takes the events that gateways elsewhere report. */
  readonly sink: EventSink;
  readonly usage: UsageReader;
  readonly reviews: Pick<ReviewDesk, 'get' | 'list'>;
  /** Takes `{ id, state, by, reason, text? }`, answers `{ ok: true, case }` or `{ ok: false, error }` (lib/review). */
  readonly decide: (request: unknown) => Promise<unknown>;
  readonly apps: () => Promise<readonly App[]>;
  /** Content views are events. */
  readonly record: RecordAct;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ConsoleOptions {
  readonly environment: string;
  readonly version: string;
  /** Without it the console is an API only. */
  readonly page?: Page;
}
