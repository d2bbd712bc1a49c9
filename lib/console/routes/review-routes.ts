import * as z from 'zod';
import { type ReviewCase, ReviewState } from '#core/review/case.ts';
import { ConsoleError } from '../console-error.ts';
import { readDecision } from '../decision-reply.ts';
import { requestId } from '../event-query.ts';
import { appsWith, noSuch, type Person, requireRole, requireRoleIn, visibleApps } from '../person.ts';
import type { ConsolePorts } from '../ports.ts';
import { readJson } from '../read-json.ts';
import { check, readQuery } from '../read-query.ts';
import { reviewDetail, reviewSummary } from '../views.ts';
import { type Routes, routes } from './context.ts';

/** A text of 100,000 characters as JSON, escapes included. */
const MAX_BODY = 1024 * 1024;

export const ReviewQuery = z.strictObject({
  state: ReviewState.default('open'),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});

/** Cases read to find those of a few apps. */
const MOST_CASES = 1000;

/** Everything else about a decision is checked by the function that takes it. */
export const Decision = z.strictObject({
  state: z.enum(['approved', 'edited', 'rejected']),
  reason: z.string().min(1).max(2000),
  text: z.string().max(100_000).optional(),
  text_sha256: z.string().max(64).optional(),
});

type ReviewPorts = Pick<ConsolePorts, 'reviews' | 'decide' | 'record' | 'clock'>;

/** The queue is for everyone; a held answer and its decision are for reviewers. */
export function reviewRoutes(ports: ReviewPorts): Routes {
  return routes()
    .get('/reviews', async (c) => {
      const { state, limit } = readQuery(c.req.url, ReviewQuery);
      const apps = visibleApps(c.get('person'));
      const read = apps ? MOST_CASES : limit + 1;
      const cases = await ports.reviews.list(state, read);
      const found = cases.filter(({ appId }) => !apps || apps.includes(appId));
      return c.json({
        reviews: found.slice(0, limit).map(reviewSummary),
        complete: found.length <= limit && (!apps || cases.length < read),
        as_of: new Date(ports.clock.now()).toISOString(),
      });
    })
    .get('/reviews/:id', async (c) => {
      const held = await caseFor(ports, c.get('person'), c.req.param('id'));
      await recordView(ports, held, c.get('person'));
      return c.json(reviewDetail(held));
    })
    .post('/reviews/:id/:act{claim|unclaim}', async (c) => {
      const id = await reviewedBy(ports, c.get('person'), c.req.param('id'));
      const act = c.req.param('act');
      const held = await readDecision(ports.decide({ act, id, by: c.get('person').subject }));
      return c.json(reviewSummary(held));
    })
    .post('/reviews/:id/decide', async (c) => {
      const id = await reviewedBy(ports, c.get('person'), c.req.param('id'));
      const wish = check(await readJson(c.req.raw, MAX_BODY), Decision);
      const held = await readDecision(ports.decide({ ...wish, id, by: c.get('person').subject }));
      return c.json(reviewSummary(held));
    });
}

async function caseFor({ reviews }: ReviewPorts, person: Person, given: string): Promise<ReviewCase> {
  requireRole(person, 'reviewer');
  const held = await reviews.get(check(given, requestId));
  if (!held) throw noSuch('review');
  requireRoleIn(person, 'reviewer', held.appId, 'review');
  return held;
}

/** The id of a case that the person may act on. Only a role that is limited to apps needs to know the case's. */
async function reviewedBy(ports: ReviewPorts, person: Person, given: string): Promise<string> {
  requireRole(person, 'reviewer');
  const id = check(given, requestId);
  if (appsWith(person, 'reviewer')) await caseFor(ports, person, id);
  return id;
}

/** A view that cannot be recorded does not happen. */
async function recordView({ record, clock }: ReviewPorts, held: ReviewCase, person: Person): Promise<void> {
  const facts = {
    at: new Date(clock.now()).toISOString(),
    type: 'console.viewed_content',
    requestId: held.requestId ?? held.id,
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
