import type { Key } from '#core/auth/key.ts';
import type { RecordAct } from '#core/ledger/plain-event.ts';
import type { Pack } from '#core/pack/pack.ts';
import type { Catalogue } from '#core/policy/policy.ts';
import type {
  App,
  BudgetBook,
  Clock,
  EventReader,
  EventSink,
  Ids,
  KeyAdmin,
  KeyRing,
  Log,
  ReviewDesk,
  UsageReader,
} from '#core/ports.ts';
import type { Identity } from './identity/oidc.ts';
import type { Page } from './web-assets.ts';

/** What the console needs from the world. It reads, changes apps and keys, and asks `decide` for a decision. */
export interface ConsolePorts {
  readonly keys: Pick<KeyRing, 'findToken'>;
  /** Hears that a token was used, by its id; never throws. */
  readonly tokenUsed?: (id: string) => Promise<void>;
  /** Who signs people in, beside console tokens; without it there are tokens only. */
  readonly identity?: Identity;
  readonly events: EventReader;
  /** Takes the events that gateways elsewhere report. */
  readonly sink: EventSink;
  readonly usage: UsageReader;
  readonly reviews: Pick<ReviewDesk, 'get' | 'list'>;
  /** Takes `{ id, state, by, reason, text? }` or `{ act: 'claim' | 'unclaim', id, by }`, answers `{ ok: true, case }` or `{ ok: false, error }` (lib/review). */
  readonly decide: (request: unknown) => Promise<unknown>;
  readonly apps: () => Promise<readonly App[]>;
  /** Apps and keys as stored; what an environment file says of an app is not in it. */
  readonly admin: Pick<
    KeyAdmin,
    'putApp' | 'listApps' | 'putKey' | 'listKeys' | 'rotateKey' | 'revokeKey' | 'expireKey'
  >;
  readonly budgets: BudgetBook;
  /** The policies that the pack may name; loaded when somebody tries a prompt. */
  readonly catalogue: () => Promise<Catalogue>;
  /** The API as an OpenAPI document (openapi/document.ts); made when somebody asks for it. */
  readonly document: (version: string) => Promise<object>;
  readonly ids: Ids;
  /** That many bytes from a secure source. */
  readonly random: (size: number) => Uint8Array;
  /** Signs cursors; asked when one is made or used. */
  readonly cursorKey: () => Promise<Key>;
  /** Content views and changes are events. */
  readonly record: RecordAct;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ConsoleOptions {
  readonly environment: string;
  readonly version: string;
  /** The active pack. */
  readonly pack: Pack;
  /** Where apps call: `*` → the gateway of all apps, app id → that of a dedicated one. */
  readonly gatewayUrls?: Readonly<Record<string, string>>;
  /** Without it the console is an API only. */
  readonly page?: Page;
}
