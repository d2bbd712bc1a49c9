import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { type Cloud, freshCloud } from '../aws/cloud.ts';

const deployment = {
  environment: 'test',
  version: '0.1.0',
  pack: { name: 'dify', version: '1', hash: 'f'.repeat(64), chain: [], targets: [] },
  apps: [{ id: 'support', name: 'Support', cost_center: 'cc-7', dedicated: false }],
  retentionDays: 400,
  prices: { version: 'p', models: {} },
  costTags: { owner: 'ai-team' },
};

type Handler = (event: unknown, context: Context) => Promise<unknown>;

/** A function as Lambda starts it: its environment, its deployment file, its module loaded afresh. */
export async function startFunction(
  name: 'recorder' | 'sweeper',
): Promise<{ cloud: Cloud; invoke: (event?: unknown) => Promise<unknown> }> {
  const cloud = await freshCloud();
  const folder = mkdtempSync(join(tmpdir(), 'kt-function-'));
  writeFileSync(join(folder, 'deployment.json'), JSON.stringify(deployment));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: cloud.endpoint,
    LAMBDA_TASK_ROOT: folder,
    KT_ENV: 'test',
    LEDGER_TABLE: 'Ledger',
    STATE_TABLE: 'State',
    CONTENT_TABLE: 'Content',
    REVIEW_MACHINE_ARN: 'arn:aws:states:us-east-1:000000000000:stateMachine:review',
    REVIEW_DECIDE_FUNCTION: 'review-decide',
    EVENT_QUEUE_URL: cloud.queueUrl,
    EVENT_BUS: 'kt-test',
  });
  let handler: Handler | undefined;
  jest.isolateModules(() => {
    handler = (require(`../../lambdas/${name}.ts`) as { handler: Handler }).handler;
  });
  rmSync(folder, { recursive: true });
  const context = { awsRequestId: 'invocation-1', getRemainingTimeInMillis: () => 30_000 } as Context;
  return { cloud, invoke: async (event = {}) => handler?.(event, context) };
}
