import { Tags } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { DeployedApp } from '#env/deployment.ts';
import type { Environment } from '#env/environment.ts';

/** What a bill or an operator groups by: the part of the product a resource belongs to. */
const COMPONENT = 'keeptrusts:component';

/** The tags of everything in an environment; `app` is `shared` until a dedicated app says otherwise. */
export function tagEnvironment(scope: IConstruct, name: string, environment: Environment): void {
  const tags = { ...environment.tags, app: 'shared', env: name };
  for (const [key, value] of Object.entries(tags)) Tags.of(scope).add(key, value);
}

export function tagComponent(scope: IConstruct, component: string): void {
  Tags.of(scope).add(COMPONENT, component);
}

/** Puts what belongs to one app alone on that app's account. */
export function tagDedicated(scope: IConstruct, app: DeployedApp): void {
  tagApp(scope, app);
  Tags.of(scope).add('dedicated', 'true');
}

/** What one app alone causes the cost of. */
export function tagApp(scope: IConstruct, app: DeployedApp): void {
  Tags.of(scope).add('app', app.id);
  Tags.of(scope).add('cost-center', app.cost_center);
  if (app.owner) Tags.of(scope).add('owner', app.owner);
}
