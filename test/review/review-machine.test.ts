import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { dynamoReviewDesk } from '#aws/dynamo-review-desk.ts';
import { sfnReviewFlow } from '#aws/sfn-review-flow.ts';
import { releasedText } from '#core/review/case.ts';
import { REVIEW_DEFINITION } from '../../lib/infra/review-definition.ts';
import type { InvokeResult } from '../../lib/local-cloud/contract.ts';
import { decideReview } from '../../lib/review/decide-review.ts';
import { keepToken } from '../../lib/review/keep-token.ts';
import type { ReviewPorts } from '../../lib/review/ports.ts';
import { settleReview } from '../../lib/review/settle-review.ts';
import { clientConfig, createLedgerTables, startTestServices } from '../support/services.ts';
import { heldCase, reviewBench } from './memory-desk.ts';

const OPEN = 'arn:aws:lambda:us-east-1:000000000000:function:review-open';
const SETTLE = 'arn:aws:lambda:us-east-1:000000000000:function:review-settle';

let cloud: Awaited<ReturnType<typeof startTestServices>>;
let machines: SFNClient;
let machineArn: string;
let ports: ReviewPorts;
let bench: ReturnType<typeof reviewBench>;
/** Held back by a test that decides before the machine waits. */
let beforeOpen: () => Promise<unknown>;

beforeAll(async () => {
  cloud = await startTestServices();
  await createLedgerTables(cloud.endpoint);
  machines = new SFNClient(clientConfig(cloud.endpoint));
  const definition = JSON.stringify(REVIEW_DEFINITION)
    .replaceAll(/\$\{ReviewOpen\}/g, OPEN)
    .replaceAll(/\$\{ReviewSettle\}/g, SETTLE);
  const created = await machines.send(
    new CreateStateMachineCommand({
      name: 'review',
      definition,
      roleArn: 'arn:aws:iam::000000000000:role/r',
    }),
  );
  machineArn = created.stateMachineArn ?? '';
  cloud.services.setInvoker({ invoke: (name, payload) => outcome(call(name, payload)) });
});
afterAll(async () => {
  machines.destroy();
  await cloud.close();
});

beforeEach(() => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(cloud.endpoint)));
  bench = reviewBench();
  beforeOpen = async () => {};
  ports = {
    ...bench.ports,
    desk: dynamoReviewDesk({ stateTable: 'State', contentTable: 'Content', client }),
    flow: sfnReviewFlow({ machineArn, client: machines }),
    clock: { now: Date.now },
  };
});

async function call(name: string, payload: unknown): Promise<unknown> {
  if (name.includes('review-settle')) return settleReview(ports, payload);
  await beforeOpen();
  return keepToken(ports.desk, payload);
}

function outcome(work: Promise<unknown>): Promise<InvokeResult> {
  return work.then(
    (payload) => ({ ok: true, payload: payload ?? null }),
    (error: Error) => ({ ok: false, errorType: error.name, errorMessage: error.message }),
  );
}

async function hold(id: string, seconds: number, onTimeout: 'reject' | 'release' = 'reject'): Promise<void> {
  const now = Date.now();
  const dueAt = new Date(now + seconds * 1000).toISOString();
  await ports.desk.open(heldCase(id, { openedAt: new Date(now).toISOString(), dueAt, onTimeout }));
  await ports.flow.start(id, seconds);
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 10_000;
  while (Date.now() < end) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((wake) => setTimeout(wake, 20));
  }
  throw new Error('nothing happened for ten seconds');
}

/** The end of the execution named by the case. */
function ended(id: string): Promise<string> {
  return until(async () => {
    const { executions = [] } = await machines.send(
      new ListExecutionsCommand({ stateMachineArn: machineArn }),
    );
    const executionArn = executions.find(({ name }) => name === id)?.executionArn;
    if (!executionArn) return undefined;
    const { status } = await machines.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'RUNNING' ? undefined : status;
  });
}

const edit = { state: 'edited', by: 'ann', reason: 'the dose', text: 'Ask your doctor.' };

test('a decision ends the waiting machine', async () => {
  await hold('edited-1', 60);
  await until(() => ports.desk.tokenOf('edited-1'));

  const answer = await decideReview(ports, { id: 'edited-1', ...edit });

  expect(answer.ok).toBe(true);
  expect(await ended('edited-1')).toBe('SUCCEEDED');
  expect(releasedText((await ports.desk.get('edited-1'))!)).toBe('Ask your doctor.');
  expect(bench.events.map(({ type }) => type)).toEqual(['review.decided', 'review.released']);
});

test('a decision before the machine waits ends it all the same', async () => {
  beforeOpen = () => decideReview(ports, { id: 'early-1', ...edit });

  await hold('early-1', 60);

  expect(await ended('early-1')).toBe('SUCCEEDED');
  expect(bench.events.map(({ type }) => type)).toEqual(['review.decided', 'review.released']);
});

test('nobody deciding in time expires the case', async () => {
  await hold('late-1', 1);

  expect(await ended('late-1')).toBe('SUCCEEDED');
  expect((await ports.desk.get('late-1'))?.decision).toMatchObject({ state: 'expired', by: 'system' });
  expect(bench.events.map(({ type }) => type)).toEqual(['review.expired']);
});

test('a decision after the time is told that the case expired', async () => {
  await hold('late-2', 1, 'release');
  await ended('late-2');

  const answer = await decideReview(ports, { id: 'late-2', ...edit });

  expect(answer).toMatchObject({ ok: false, error: { decision: { state: 'expired', by: 'system' } } });
  expect(releasedText((await ports.desk.get('late-2'))!)).toBe('Take two a day.');
});

test('a function that keeps no token closes the case without an answer', async () => {
  beforeOpen = () => Promise.reject(new Error('State is out of reach'));

  await hold('broken-1', 60, 'release');

  expect(await ended('broken-1')).toBe('FAILED');
  expect(releasedText((await ports.desk.get('broken-1'))!)).toBeUndefined();
});

test('of two reviewers exactly one decides in the table', async () => {
  await hold('race-1', 60);
  const race = ['ann', 'bob'].map((by) =>
    decideReview(ports, { id: 'race-1', state: 'approved', reason: 'fine', by }),
  );

  const answers = await Promise.all(race);

  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  expect(bench.events.filter(({ type }) => type === 'review.decided')).toHaveLength(1);
  expect(await ended('race-1')).toBe('SUCCEEDED');
});
