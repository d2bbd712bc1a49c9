import { env } from 'node:process';
import { dynamoReviewDesk } from '#aws/dynamo-review-desk.ts';
import { lambdaLog } from '#aws/lambda-log.ts';
import { lazyAnnouncer } from '#aws/lazy-announcer.ts';
import { readEnvironment } from '#env/functions.ts';
import { reviewAnnouncer } from '#review/announce-review.ts';
import { keepToken } from '#review/keep-token.ts';

const { STATE_TABLE, CONTENT_TABLE, EVENT_BUS, KT_ENV } = readEnvironment('review-open', env);
const desk = dynamoReviewDesk({ stateTable: STATE_TABLE, contentTable: CONTENT_TABLE });
const log = lambdaLog({ always: { function: 'review-open' } });
const announce = reviewAnnouncer(lazyAnnouncer(EVENT_BUS), { environment: KT_ENV, log });

/** Called by the state machine as `{ caseId, token }`, when it begins to wait. */
export async function handler(message: unknown): Promise<void> {
  await keepToken(desk, message, announce);
}
