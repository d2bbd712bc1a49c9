import { mkdir } from 'node:fs/promises';
import type { LambdaInvoker, Services, ServicesOptions } from '../contract.ts';
import { dynamoService } from './dynamodb/service.ts';
import { eventsService } from './events/service.ts';
import { answerInvoke } from './lambda-invoke.ts';
import type { Service } from './operation.ts';
import { secretsService } from './secrets/service.ts';
import { serveServices } from './server.ts';
import { sqsService } from './sqs/service.ts';
import { type StatesService, statesService } from './states/service.ts';
import { taskCaller } from './states/task-call.ts';

/** Where nothing else is said. */
const LOCAL_REGION = 'us-east-1';
const LOCAL_ACCOUNT = '000000000000';

const SWEEP_MS = 60_000;

/** What is known only after the services are made. */
interface Late {
  invoker: LambdaInvoker | undefined;
  endpoint: string;
}

/**
 * Starts the embedded AWS services on one loopback port. With `dataDir`, whatever was acknowledged is there again after a
 * restart, also after `kill -9`. The first `setInvoker` takes up the executions that a restart interrupted.
 */
export async function startServices(options: ServicesOptions = {}): Promise<Services> {
  const late: Late = { invoker: undefined, endpoint: '' };
  const services: Service[] = [];
  try {
    const states = await openServices(options, late, services);
    const server = await serveServices(
      services,
      (request, response, body) => answerInvoke(late.invoker, request, response, body),
      options.port ?? 0,
    );
    late.endpoint = server.endpoint;
    return {
      endpoint: server.endpoint,
      setInvoker(invoker) {
        const first = late.invoker === undefined;
        late.invoker = invoker;
        if (first) void states.resume();
      },
      async close() {
        await server.close();
        await closeAll(services);
      },
    };
  } catch (error) {
    await closeAll(services);
    throw error;
  }
}

async function openServices(options: ServicesOptions, late: Late, into: Service[]): Promise<StatesService> {
  const { dataDir, region = LOCAL_REGION, account = LOCAL_ACCOUNT } = options;
  if (dataDir !== undefined) await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const place = { dataDir, region, account };
  into.push(await dynamoService({ ...place, sweepMs: options.ttlSweepMs ?? SWEEP_MS }));
  into.push(await sqsService({ ...place, endpoint: () => late.endpoint }));
  into.push(await secretsService(place), eventsService(options.onBusEvent));
  const states = await statesService({ ...place, call: taskCaller(() => late.invoker, into) });
  into.push(states);
  return states;
}

/** Last opened, first closed: executions stop before what they call. */
async function closeAll(services: readonly Service[]): Promise<void> {
  for (const service of [...services].reverse()) await service.close();
}
