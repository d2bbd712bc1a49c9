import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetExecutionHistoryCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoKeyAdmin } from '#aws/dynamo-key-admin.ts';
import { dynamoKeyRing } from '#aws/dynamo-key-ring.ts';
import { formatKey, hashKey, KEY_BYTES, keyPrefix } from '#core/auth/app-key.ts';
import { openCloud } from '#local-cloud/cloud.ts';
import type { Cloud } from '#local-cloud/cloud-types.ts';
import { seedCredentials } from '#local-cloud/credentials.ts';
import { fillSecrets } from '#local-cloud/provider.ts';
import { deploymentOf, functionOf } from '#local-cloud/stack-functions.ts';
import { synthesize } from '#local-cloud/synth.ts';
import { makeProject, removeProject } from '../../test/support/stack.ts';
import type { Standing } from './measured.ts';
import { type Metered, openMeter } from './meter.ts';
import { standingOf } from './standing.ts';

/** A line a function wrote. */
export interface Line {
  readonly component: string;
  readonly text: string;
}

export interface CountedStack {
  readonly gatewayUrl: string;
  readonly consoleUrl: string;
  readonly reviewerToken: string;
  /** Keys of an app without and with a daily and a monthly budget. */
  readonly keys: { readonly plain: string; readonly budgeted: string };
  readonly standing: Standing;
  componentOf(door: number): string;
  memoryOf(component: string): number;
  /** Finished executions of the review machine: how many, and their state transitions, start included. */
  executions(): Promise<{ count: number; transitions: number }>;
  sweep(): Promise<void>;
  /** New execution environments; with `direct` their calls pass the meter by, so that it costs them no time. */
  renew(direct: boolean): void;
  close(): Promise<void>;
}

/** More functions than any environment has. */
const MAX_DOORS = 20;
const BUDGETED = `
  - id: counted
    name: App with a budget
    cost_center: bench
    budget: { daily: 100000, monthly: 1000000 }
`;

/** The dev environment with a budgeted app and a term that must be reviewed, on the embedded AWS with a meter in front of it. */
export async function openCountedStack(
  upstream: string,
  onCall: (metered: Metered) => void,
  onLine: (line: Line) => void,
): Promise<CountedStack> {
  const root = makeProject();
  prepare(root);
  const { folder: assembly } = await synthesize({ root, environment: 'dev' });
  const meter = await openMeter(MAX_DOORS, onCall);
  const components: string[] = [];
  const names = new Map<string, string>();
  let direct: string | undefined;
  const cloud = await openCloud({
    assembly,
    environment: 'dev',
    dataDir: join(root, 'data'),
    host: '127.0.0.1',
    port: () => 0,
    size: () => ({ max: 1, warm: 0, idleMs: 600_000 }),
    variables: ({ name, component, environment }) => {
      const endpoint = meter.doors[components.push(component) - 1] ?? '';
      names.set(name, component);
      direct = environment['EVENT_QUEUE_URL'] ?? direct;
      return {
        AWS_ENDPOINT_URL: endpoint,
        NODE_COMPILE_CACHE: join(root, 'compiled'),
        ...(component === 'gateway' && { OPENAI_BASE_URL: upstream }),
        ...queueBehind(endpoint, environment['EVENT_QUEUE_URL']),
      };
    },
    onOutput: (name, text) => onLine({ component: names.get(name) ?? name, text }),
    onFailure: (line) => process.stderr.write(`${line}\n`),
  });
  meter.connect(cloud.place.endpoint);
  await fillSecrets(cloud, { OPENAI_API_KEY: 'sk-of-the-bench' });
  const gateway = functionOf(cloud, 'gateway');
  const { admin, ring } = keyStore(cloud, gateway.environment['STATE_TABLE'] ?? '');
  const seeded = await seedCredentials({ admin, ring }, deploymentOf(gateway).apps, undefined, new Date());
  const budgeted = formatKey(randomBytes(KEY_BYTES));
  const key = { id: 'key_budgeted', appId: 'counted', prefix: keyPrefix(budgeted), name: 'bench' };
  await admin.putKey(hashKey(budgeted), { ...key, createdAt: new Date().toISOString() });

  return {
    gatewayUrl: `${cloud.urls.get(gateway.name)}/v1`,
    consoleUrl: cloud.urls.get(functionOf(cloud, 'console').name) ?? '',
    reviewerToken: seeded.reviewerToken,
    keys: { plain: seeded.apiKey, budgeted },
    standing: standingOf(assembly),
    componentOf: (door) => components[door] ?? '',
    memoryOf: (component) => cloud.functions.find((fn) => fn.component === component)?.memoryMb ?? 0,
    executions: () => executionsOf(cloud, gateway.environment['REVIEW_MACHINE_ARN'] ?? ''),
    sweep: () => invoke(cloud, functionOf(cloud, 'sweeper').name),
    renew(past) {
      cloud.recycle(past ? { AWS_ENDPOINT_URL: cloud.place.endpoint, EVENT_QUEUE_URL: direct ?? '' } : {});
    },
    async close() {
      await cloud.close();
      await meter.close();
      removeProject(root);
    },
  };
}

function prepare(root: string): void {
  const environment = join(root, 'environments/dev.yaml');
  const text = readFileSync(environment, 'utf8');
  writeFileSync(environment, text.replace('\nlogs:', `${BUDGETED}\nlogs:`));
  const pack = join(root, 'policies/packs/dify.yaml');
  appendFileSync(pack, '\n  human-oversight: { terms: [severance], timeout_seconds: 600 }\n');
}

/** The SDK talks to the host of a queue's URL, whatever the endpoint says. */
function queueBehind(endpoint: string, url: string | undefined): Record<string, string> {
  return url === undefined ? {} : { EVENT_QUEUE_URL: `${endpoint}${new URL(url).pathname}` };
}

function keyStore({ clients }: Cloud, table: string) {
  const client = DynamoDBDocumentClient.from(clients.dynamo, {
    marshallOptions: { removeUndefinedValues: true },
  });
  return { admin: dynamoKeyAdmin({ table, client }), ring: dynamoKeyRing({ table, client }) };
}

async function executionsOf({ clients }: Cloud, stateMachineArn: string) {
  const { executions = [] } = await clients.sfn.send(new ListExecutionsCommand({ stateMachineArn }));
  let transitions = 0;
  for (const { executionArn } of executions) {
    const { events = [] } = await clients.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    transitions += 1 + events.filter(({ type }) => type?.endsWith('StateEntered')).length;
  }
  return { count: executions.length, transitions };
}

async function invoke({ place }: Cloud, name: string): Promise<void> {
  const url = `${place.endpoint}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;
  const response = await fetch(url, { method: 'POST', body: '{}' });
  await response.text();
}
