import * as z from 'zod';
import { ReviewCase } from '#core/review/case.ts';
import { ConsoleError } from './console-error.ts';

const Who = z.object({ state: z.string(), by: z.string(), at: z.string() });

/** What the deciding function answers; it is another function, so its answer is checked like any input. */
const DecisionReply = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), case: ReviewCase }),
  z.object({
    ok: z.literal(false),
    error: z.object({
      code: z.enum([
        'not_found',
        'already_decided',
        'already_approved',
        'text_changed',
        'claimed',
        'not_allowed',
        'invalid_request',
      ]),
      message: z.string(),
      decision: Who.optional(),
      approval: Who.optional(),
    }),
  }),
]);

/** The decided case, or the reason why not as a ConsoleError; a function that failed is `review_unavailable`. */
export async function readDecision(reply: Promise<unknown>): Promise<ReviewCase> {
  const answer = await reply
    .then((value) => DecisionReply.parse(value))
    .catch((cause: unknown) => {
      const message = 'The decision could not be taken or confirmed. Send it again: nobody decides twice.';
      throw new ConsoleError('review_unavailable', message, { cause });
    });
  if (answer.ok) return answer.case;
  const { code, message, decision, approval } = answer.error;
  throw new ConsoleError(code, message, {
    details: { ...(decision && { decision }), ...(approval && { approval }) },
  });
}
