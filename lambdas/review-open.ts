import { env } from 'node:process';
import { dynamoReviewDesk } from '#aws/dynamo-review-desk.ts';
import { readEnvironment } from '#env/functions.ts';
import { keepToken } from '#review/keep-token.ts';

const { STATE_TABLE, CONTENT_TABLE } = readEnvironment('review-open', env);
const desk = dynamoReviewDesk({ stateTable: STATE_TABLE, contentTable: CONTENT_TABLE });

/** Called by the state machine as `{ caseId, token }`, when it begins to wait. */
export async function handler(message: unknown): Promise<void> {
  await keepToken(desk, message);
}
