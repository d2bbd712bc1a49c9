import * as z from 'zod';
import { ConsoleError } from '../console-error.ts';
import { eventFilters, filterOf, ranged, requestId } from '../event-query.ts';
import type { ConsolePorts } from '../ports.ts';
import { check, readQuery } from '../read-query.ts';
import { type Routes, routes } from './context.ts';

const EventQuery = ranged(
  eventFilters.extend({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
);

/** Events newest first, and all events of one request. */
export function eventRoutes({ events, clock }: Pick<ConsolePorts, 'events' | 'clock'>): Routes {
  return routes()
    .get('/events', async (c) => {
      const { limit, ...filters } = readQuery(c.req.url, EventQuery);
      return c.json(await events.list({ ...filterOf(filters), limit }));
    })
    .get('/events/:id', async (c) => {
      const id = check(c.req.param('id'), requestId);
      const found = await events.find(id);
      if (!found.length) throw new ConsoleError('not_found', `There is no event of request ${id} (yet).`);
      return c.json({ request_id: id, events: found, as_of: new Date(clock.now()).toISOString() });
    });
}
