import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type App, type StackProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Pack } from '#core/pack/pack.ts';
import type { Deployment } from '#env/deployment.ts';
import type { Environment } from '#env/environment.ts';
import { AppStack } from './app-stack.ts';
import { Bundles } from './bundles.ts';
import { acceptsProviderKey, secretNames } from './compile-deployment.ts';
import { DataStack } from './data-stack.ts';
import { tagEnvironment } from './house-tags.ts';

export interface StacksProps {
  readonly environment: Environment;
  readonly deployment: Deployment;
  /** The project's folder. */
  readonly root: string;
  readonly pageFolder: string;
  /** Checks the stacks against the AWS Solutions rules; a finding without a written reason stops the synthesis. */
  readonly nag: boolean;
}

export interface Stacks {
  readonly data: DataStack;
  readonly app: AppStack;
}

/** Adds the stacks of one environment to a CDK app. */
export function addStacks(cdk: App, props: StacksProps): Stacks {
  const { environment, deployment } = props;
  const name = deployment.environment;
  const { account, region, protected: terminationProtection } = environment;
  const common: StackProps = {
    env: { region, ...(account === undefined ? {} : { account }) },
    terminationProtection,
  };

  const bundles = new Bundles({
    ...props,
    deploymentFile: writeDeployment(cdk, deployment),
    withBedrock: asksBedrock(deployment.pack),
  });
  const data = new DataStack(cdk, `kt-${name}-data`, {
    ...common,
    description: `Keeptrusts ${name}: what must outlive a deployment`,
    environment: name,
    console: environment.console,
    secretNames: secretNames(deployment.pack),
  });
  const app = new AppStack(cdk, `kt-${name}-app`, {
    ...common,
    description: `Keeptrusts ${name}: gateway, recorder, reviews, console`,
    house: { name, environment, bundles },
    data,
    acceptProviderKey: acceptsProviderKey(environment, deployment.pack),
    remotes: deployment.pack.remotes ?? [],
    targets: deployment.pack.targets,
  });

  tagEnvironment(cdk, name, environment);
  if (props.nag) Validations.of(cdk).addPlugins(new AwsSolutionsChecks(cdk));
  return { data, app };
}

/** Models, or detectors such as a guardrail. */
function asksBedrock({ targets, remotes = [] }: Pack): boolean {
  return remotes.length > 0 || targets.some(({ provider }) => provider === 'bedrock');
}

/** Bundling copies this file beside every function. */
function writeDeployment(cdk: App, deployment: Deployment): string {
  const folder = resolve(cdk.outdir);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `deployment.${deployment.environment}.json`);
  writeFileSync(file, JSON.stringify(deployment));
  return file;
}
