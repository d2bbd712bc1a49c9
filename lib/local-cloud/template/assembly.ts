import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StartError } from '../start-error.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly Condition?: string;
  readonly Metadata?: Record<string, unknown>;
}

export interface Template {
  readonly Resources?: Record<string, Resource>;
  readonly Outputs?: Record<string, { Value: unknown; Export?: { Name: unknown } }>;
  readonly Parameters?: Record<string, { Default?: unknown }>;
  readonly Conditions?: Record<string, unknown>;
  readonly Mappings?: Record<string, Record<string, Record<string, unknown>>>;
}

export interface Stack {
  readonly name: string;
  /** Undefined where the app leaves it to the deployment. */
  readonly region?: string;
  readonly account?: string;
  readonly template: Template;
  /** S3 object key (`<hash>.zip`) → folder of the asset. */
  readonly assets: ReadonlyMap<string, string>;
  /** The assembly's folder, which asset paths in the template's metadata start from. */
  readonly folder: string;
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly properties?: { readonly templateFile?: string };
}

interface AssetManifest {
  readonly files?: Record<
    string,
    { source: { path?: string }; destinations: Record<string, { objectKey: string }> }
  >;
}

/** The stacks of one environment (`kt-<env>-…`) in a synthesized cloud assembly. */
export function readStacks(folder: string, environment: string): Stack[] {
  const { artifacts = {} } = readJson<{ artifacts?: Record<string, Artifact> }>(folder, 'manifest.json');
  const stacks = Object.entries(artifacts)
    .filter(
      ([name, { type }]) => type === 'aws:cloudformation:stack' && name.startsWith(`kt-${environment}-`),
    )
    .map(([name, artifact]) => readStack(folder, name, artifact));
  if (stacks.length === 0)
    throw new StartError(`${folder} holds no stack kt-${environment}-…: synthesize it first`);
  return stacks;
}

function readStack(folder: string, name: string, artifact: Artifact): Stack {
  const template = readJson<Template>(folder, artifact.properties?.templateFile ?? `${name}.template.json`);
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(artifact.environment ?? '') ?? [];
  return {
    name,
    template,
    folder,
    assets: assetFolders(folder, name),
    ...(known(region) && { region }),
    ...(known(account) && { account }),
  };
}

/** CDK writes `unknown-region` and `unknown-account` where the app does not say. */
function known(value: string | undefined): value is string {
  return value !== undefined && !value.startsWith('unknown-');
}

function assetFolders(folder: string, stack: string): Map<string, string> {
  const file = `${stack}.assets.json`;
  if (!existsSync(join(folder, file))) return new Map();
  const { files = {} } = readJson<AssetManifest>(folder, file);
  return new Map(
    Object.values(files).flatMap(({ source, destinations }) => {
      const path = source.path;
      if (path === undefined) return [];
      return Object.values(destinations).map(({ objectKey }) => [objectKey, resolve(folder, path)] as const);
    }),
  );
}

function readJson<T>(folder: string, file: string): T {
  try {
    return JSON.parse(readFileSync(join(folder, file), 'utf8')) as T;
  } catch (cause) {
    throw new StartError(`cannot read ${join(folder, file)}: synthesize again`, { cause });
  }
}
