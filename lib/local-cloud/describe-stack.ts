import { join } from 'node:path';
import type { Deployment } from '#env/deployment.ts';
import type { Cloud } from './cloud-types.ts';
import { seedCredentials } from './credentials.ts';
import { Credentials, type LocalFile, readPrivate, writePrivate } from './local-file.ts';
import type { DeclaredFunction } from './resources/functions.ts';
import type { Settings } from './settings.ts';
import { functionOf } from './stack-functions.ts';
import type { StartOptions } from './start-options.ts';

/** Seeds the credentials and says where everything is. */
export async function describeStack(
  options: StartOptions,
  settings: Settings,
  cloud: Cloud,
  gateway: DeclaredFunction,
  deployment: Deployment,
): Promise<LocalFile> {
  const stateTable = gateway.environment['STATE_TABLE'] ?? '';
  const file = join(settings.dataDir, 'credentials.json');
  const keys = options.keyStore(cloud.clients.dynamo, stateTable);
  const previous = readPrivate(file, Credentials);
  const credentials = await seedCredentials(keys, deployment.apps, previous, new Date());
  writePrivate(file, credentials);

  const urlOf = (fn: DeclaredFunction) => cloud.urls.get(fn.name) ?? '';
  const dedicated = cloud.functions.flatMap((fn) =>
    fn.dedicatedApp === undefined ? [] : [[fn.dedicatedApp, `${urlOf(fn)}/v1`] as const],
  );
  return {
    gatewayUrl: `${urlOf(gateway)}/v1`,
    consoleUrl: urlOf(functionOf(cloud, 'console')),
    dedicated: Object.fromEntries(dedicated),
    ...credentials,
    awsEndpoint: cloud.place.endpoint,
    region: cloud.place.region,
    stateTable,
    environment: settings.environment,
    pid: process.pid,
  };
}
