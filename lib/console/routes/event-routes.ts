import { ConsoleError } from '../console-error.ts';
import { cursorSeal } from '../cursor-seal.ts';
import { EventQuery, filterFor, requestId } from '../event-query.ts';
import { visibleApps } from '../person.ts';
import type { ConsolePorts } from '../ports.ts';
import { check, readQuery } from '../read-query.ts';
import { type Routes, routes } from './context.ts';

/** Events newest first, and all events of one request. */
export function eventRoutes(ports: Pick<ConsolePorts, 'events' | 'clock' | 'cursorKey'>): Routes {
  const { events, clock } = ports;
  const cursors = cursorSeal(ports.cursorKey);
  return routes()
    .get('/events', async (c) => {
      const { limit, cursor, ...filters } = readQuery(c.req.url, EventQuery);
      const person = c.get('person');
      const filter = filterFor(person, filters);
      const use = { route: '/api/events', person, filter };
      const at = cursor === undefined ? {} : { cursor: await cursors.open(cursor, use) };
      const { next, ...page } = await events.list({ ...filter, ...at, limit });
      return c.json({ ...page, ...(next !== undefined && { next: await cursors.seal(next, use) }) });
    })
    .get('/events/:id', async (c) => {
      const id = check(c.req.param('id'), requestId);
      const apps = visibleApps(c.get('person'));
      const found = (await events.find(id)).filter(({ app_id }) => !apps || apps.includes(app_id));
      if (!found.length) throw new ConsoleError('not_found', `There is no event of request ${id} (yet).`);
      return c.json({ request_id: id, events: found, as_of: new Date(clock.now()).toISOString() });
    });
}
