import * as z from 'zod';
import { GatewayError } from '#core/errors.ts';
import type { EventFilter } from '#core/ports.ts';
import { sha256Hex } from '#core/text/hash.ts';

/** Where the next page begins: below `id` on `day`, or at the newest row of `day` when there is no id. */
export interface Position {
  readonly day: string;
  readonly id?: string;
}

const Cursor = z.strictObject({
  v: z.literal(1),
  day: z.iso.date(),
  id: z.string().max(500).exactOptional(),
  /** The time range is pinned by the first page, so that a relative default does not slide. */
  from: z.iso.datetime(),
  to: z.iso.datetime().exactOptional(),
  filter: z.string(),
});
export type Cursor = z.infer<typeof Cursor>;

/** Opaque to the caller: it holds positions and times only, and is bound to the filter it was made for. */
export function writeCursor(position: Position, filter: EventFilter, from: string, to?: string): string {
  const cursor: Cursor = { v: 1, ...position, from, ...(to ? { to } : {}), filter: nameOf(filter) };
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** Throws `invalid_request` for a text that is no cursor of this filter. */
export function readCursor(text: string, filter: EventFilter): Cursor {
  const cursor = Cursor.safeParse(parse(text)).data;
  if (!cursor || cursor.filter !== nameOf(filter)) {
    throw new GatewayError(
      'invalid_request',
      'The cursor does not belong to this query. Ask again without a cursor, or with the filters of the page it came from.',
      { param: 'cursor' },
    );
  }
  return cursor;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text.slice(0, 2000), 'base64url').toString());
  } catch {
    return undefined;
  }
}

function nameOf({ cursor: _cursor, limit: _limit, ...filter }: EventFilter): string {
  const set = Object.entries(filter).filter(([, value]) => value !== undefined);
  return sha256Hex(JSON.stringify(set.sort())).slice(0, 16);
}
