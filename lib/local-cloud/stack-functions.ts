import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '#env/deployment.ts';
import type { Cloud } from './cloud-types.ts';
import type { LocalIssuer } from './issuer/issuer.ts';
import type { Provider } from './provider.ts';
import type { DeclaredFunction, FunctionOutline } from './resources/functions.ts';
import type { Settings } from './settings.ts';
import { StartError } from './start-error.ts';

/** Functions are told apart by their tag; the shared gateway and the console have ports that people know. */
export function portOf({ component, dedicatedApp }: FunctionOutline, settings: Settings): number {
  if (component === 'gateway' && dedicatedApp === undefined) return settings.gatewayPort;
  return component === 'console' ? settings.consolePort : 0;
}

/** Extra gateways stop after a minute without work, other functions sooner: a laptop has better uses for the memory. */
export function sizeOf({ component, dedicatedApp }: FunctionOutline, settings: Settings) {
  if (component !== 'gateway') return { max: 1, warm: 0, idleMs: 20_000 };
  const warm = dedicatedApp === undefined ? 1 : 0;
  return { max: settings.gatewayProcesses, warm, idleMs: 60_000 };
}

/** What a function gets besides its own variables: the gateway where the provider is, the console who signs people in. */
export function variablesOf(
  fn: DeclaredFunction,
  settings: Settings,
  provider: Provider,
  issuer: LocalIssuer | undefined,
): Record<string, string> {
  return {
    NODE_COMPILE_CACHE: join(settings.stateDir, 'compiled'),
    ...settings.endpoints,
    ...(fn.component === 'gateway' && provider.variables),
    ...(fn.component === 'console' && issuer && { OIDC: oidcOf(issuer) }),
  };
}

function oidcOf({ issuer, clientId }: LocalIssuer): string {
  return JSON.stringify({ issuer, client_id: clientId });
}

/** The one function of a component that serves all apps. */
export function functionOf(cloud: Cloud, component: string): DeclaredFunction {
  const found = cloud.functions.find((fn) => fn.component === component && fn.dedicatedApp === undefined);
  if (!found) throw new StartError(`the stack has no function tagged keeptrusts:component=${component}`);
  return found;
}

/** What the environment was compiled into at synth, as the function itself reads it. */
export function deploymentOf({ assetDir, environment }: DeclaredFunction): Deployment {
  const path = join(assetDir, environment['DEPLOYMENT_FILE'] ?? 'deployment.json');
  return JSON.parse(readFileSync(path, 'utf8')) as Deployment;
}
