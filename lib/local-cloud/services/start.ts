import { mkdir } from 'node:fs/promises';
import type { LambdaInvoker, Services, ServicesOptions } from '../contract.ts';
import { dynamoService } from './dynamodb/service.ts';
import { answerInvoke } from './lambda-invoke.ts';
import type { Service } from './operation.ts';
import { secretsService } from './secrets/service.ts';
import { serveServices } from './server.ts';
import { eventsSink } from './sinks.ts';
import { sqsService } from './sqs/service.ts';
import { statesService } from './states/service.ts';
import { taskCaller } from './states/task-call.ts';

/** The account and region of the embedded cloud where nothing else is said. */
export const LOCAL_REGION = 'us-east-1';
export const LOCAL_ACCOUNT = '000000000000';

const SWEEP_MS = 60_000;

/**
 * Starts the embedded AWS services on one loopback port. With `dataDir`, whatever was acknowledged is there again after a
 * restart, also after `kill -9`.
 */
export async function startServices(options: ServicesOptions = {}): Promise<Services> {
  const { dataDir, port = 0, region = LOCAL_REGION, account = LOCAL_ACCOUNT } = options;
  if (dataDir !== undefined) await mkdir(dataDir, { recursive: true, mode: 0o700 });
  let invoker: LambdaInvoker | undefined;
  let resumed = false;
  let endpoint = '';
  const place = { dataDir, region, account };
  const services: Service[] = [
    await dynamoService({ ...place, sweepMs: options.ttlSweepMs ?? SWEEP_MS }),
    await sqsService({ ...place, endpoint: () => endpoint }),
    await secretsService(place),
    eventsSink(),
  ];
  const states = await statesService({ ...place, call: taskCaller(() => invoker, services) });
  services.unshift(states);
  const server = await serveServices(
    services,
    (request, response, body) => answerInvoke(invoker, request, response, body),
    port,
  );
  endpoint = server.endpoint;
  return {
    endpoint,
    setInvoker(next) {
      invoker = next;
      if (!resumed) void states.resume();
      resumed = true;
    },
    async close() {
      await server.close();
      for (const service of services) await service.close();
    },
  };
}
