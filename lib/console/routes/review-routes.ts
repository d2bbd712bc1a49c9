import * as z from 'zod';
import { type ReviewCase, ReviewState } from '#core/review/case.ts';
import { ConsoleError } from '../console-error.ts';
import { readDecision } from '../decision-reply.ts';
import { requestId } from '../event-query.ts';
import { type Person, requireRole } from '../person.ts';
import type { ConsolePorts } from '../ports.ts';
import { readJson } from '../read-json.ts';
import { check, readQuery } from '../read-query.ts';
import { reviewDetail, reviewSummary } from '../views.ts';
import { type Routes, routes } from './context.ts';

/** A text of 100,000 characters as JSON, escapes included. */
const MAX_BODY = 1024 * 1024;

const ReviewQuery = z.strictObject({
  state: ReviewState.default('open'),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});

/** Everything else about a decision is checked by the function that takes it. */
const Decision = z.strictObject({
  state: z.enum(['approved', 'edited', 'rejected']),
  reason: z.string().min(1).max(2000),
  text: z.string().max(100_000).optional(),
});

type ReviewPorts = Pick<ConsolePorts, 'reviews' | 'decide' | 'record' | 'clock'>;

/** The queue is for everyone; a held answer and its decision are for reviewers. */
export function reviewRoutes(ports: ReviewPorts): Routes {
  return routes()
    .get('/reviews', async (c) => {
      const { state, limit } = readQuery(c.req.url, ReviewQuery);
      const found = await ports.reviews.list(state, limit + 1);
      return c.json({
        reviews: found.slice(0, limit).map(reviewSummary),
        complete: found.length <= limit,
        as_of: new Date(ports.clock.now()).toISOString(),
      });
    })
    .get('/reviews/:id', async (c) => {
      requireRole(c.get('person'), 'reviewer');
      const held = await ports.reviews.get(check(c.req.param('id'), requestId));
      if (!held) throw new ConsoleError('not_found', 'There is no such review.');
      await recordView(ports, held, c.get('person'));
      return c.json(reviewDetail(held));
    })
    .post('/reviews/:id/:act{claim|unclaim}', async (c) => {
      requireRole(c.get('person'), 'reviewer');
      const id = check(c.req.param('id'), requestId);
      const act = c.req.param('act');
      const held = await readDecision(ports.decide({ act, id, by: c.get('person').subject }));
      return c.json(reviewSummary(held));
    })
    .post('/reviews/:id/decide', async (c) => {
      requireRole(c.get('person'), 'reviewer');
      const id = check(c.req.param('id'), requestId);
      const wish = check(await readJson(c.req.raw, MAX_BODY), Decision);
      const held = await readDecision(ports.decide({ ...wish, id, by: c.get('person').subject }));
      return c.json(reviewSummary(held));
    });
}

/** A view that cannot be recorded does not happen. */
async function recordView({ record, clock }: ReviewPorts, held: ReviewCase, person: Person): Promise<void> {
  const facts = {
    at: new Date(clock.now()).toISOString(),
    type: 'console.viewed_content',
    requestId: held.id,
    appId: held.appId,
    keyId: held.keyId,
    auth: 'console',
    route: '/api/reviews/{id}',
    model: held.model,
    packHash: held.packHash,
    reviewId: held.id,
    reviewer: person.subject,
  } as const;
  await record(facts).catch((cause: unknown) => {
    const message = 'This view cannot be recorded right now, so it is not shown. Try again in a moment.';
    throw new ConsoleError('audit_unavailable', message, { cause });
  });
}
