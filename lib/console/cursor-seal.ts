import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Key } from '#core/auth/key.ts';
import type { EventFilter } from '#core/ports.ts';
import { ConsoleError } from './console-error.ts';
import type { Person } from './person.ts';

/** What a cursor was made for; it opens nothing else. */
interface CursorUse {
  /** `/api/events`. */
  readonly route: string;
  readonly person: Person;
  readonly filter: EventFilter;
}

/** Cursors that nobody else can make, and that serve one person on one route with one set of filters. */
export interface CursorSeal {
  seal(position: string, use: CursorUse): Promise<string>;
  /** The position that was sealed; throws 400 for a text that was not made here for this use. */
  open(cursor: string, use: CursorUse): Promise<string>;
}

/** `<position>.<HMAC-SHA-256>`: whoever holds a cursor may read the position, which says nothing beyond the events it stands between. */
export function cursorSeal(key: () => Promise<Key>): CursorSeal {
  return {
    async seal(position, use) {
      return `${position}.${mac(await key(), position, use).toString('base64url')}`;
    },
    async open(cursor, use) {
      const [, position, given] = /^([\w~-]+)\.([\w-]{43})$/.exec(cursor) ?? [];
      if (position === undefined || given === undefined) throw notOurs();
      const wanted = mac(await key(), position, use);
      const found = Buffer.from(given, 'base64url');
      if (found.toString('base64url') !== given || !timingSafeEqual(found, wanted)) throw notOurs();
      return position;
    },
  };
}

function mac(key: Key, position: string, { route, person, filter }: CursorUse): Buffer {
  const { cursor: _cursor, limit: _limit, ...fixed } = filter;
  const filters = Object.entries(fixed).sort(([a], [b]) => (a < b ? -1 : 1));
  const bound = JSON.stringify(['cursor', 1, route, person.subject, filters, position]);
  return createHmac('sha256', key.reveal()).update(bound).digest();
}

function notOurs(): ConsoleError {
  const message =
    'cursor: was not made for this query. Ask again without it, or with the filters of the page it came from.';
  return new ConsoleError('invalid_request', message);
}
