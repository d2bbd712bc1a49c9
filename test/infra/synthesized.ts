import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type CfnElement, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { IConstruct } from 'constructs';
import type { Pack } from '#core/pack/pack.ts';
import { appsOf, type Environment, retentionDays } from '#env/environment.ts';
import { loadEnvironment } from '#env/environment-folder.ts';
import type { HouseFunction } from '#infra/house-function.ts';
import { addStacks, type Stacks } from '#infra/synthesize.ts';
import cdkJson from '../../cdk.json' with { type: 'json' };

export const ROOT = process.cwd();

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DeletionPolicy?: string;
}
export interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, unknown>;
}

export interface Synthesized extends Stacks {
  readonly environment: Environment;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: Readonly<Record<string, { Value: unknown }>>;
}

export function checkedEnvironment(name: string): Environment {
  const checked = loadEnvironment(join(ROOT, 'environments'), name);
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  return checked.environment;
}

/** Synthesizes one environment without bundling; slow, so a test file does it once per environment. */
export function synthesized(
  name: string,
  options: { pack?: Pack; environment?: Environment; nag?: boolean; spoil?: (stacks: Stacks) => void } = {},
): Synthesized {
  const environment = options.environment ?? checkedEnvironment(name);
  const context = { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] };
  const outdir = mkdtempSync(join(tmpdir(), 'kt-synth-'));
  const cdk = new App({ outdir, postCliContext: context, analyticsReporting: false });
  const stacks = addStacks(cdk, {
    environment,
    deployment: {
      environment: name,
      version: '0.0.0',
      pack: options.pack ?? PACK,
      apps: appsOf(environment),
      retentionDays: retentionDays(environment),
      prices: { version: 'none', models: {} },
      costTags: {},
    },
    root: ROOT,
    pageFolder: outdir,
    nag: options.nag ?? false,
  });
  options.spoil?.(stacks);
  const templates = [stacks.data, stacks.app].map((stack) => Template.fromStack(stack).toJSON());
  return {
    ...stacks,
    environment,
    resources: Object.assign({}, ...templates.map((template) => template['Resources'])),
    outputs: Object.assign({}, ...templates.map((template) => template['Outputs'])),
  };
}

/** The resource a construct became. */
export function resourceOf(from: Synthesized, construct: IConstruct): Resource {
  const element = construct.node.defaultChild as CfnElement;
  return from.resources[Stack.of(construct).getLogicalId(element)]!;
}

export function ofType(from: Synthesized, type: string): Resource[] {
  return Object.values(from.resources).filter((resource) => resource.Type === type);
}

/** What a function's role may do: every statement of every policy attached to it. */
export function statementsOf(from: Synthesized, fn: HouseFunction<never>): Statement[] {
  const role = Stack.of(fn).getLogicalId(fn.role!.node.defaultChild as CfnElement);
  return ofType(from, 'AWS::IAM::Policy')
    .filter((policy) => JSON.stringify(policy.Properties['Roles']).includes(`"${role}"`))
    .flatMap((policy) => (policy.Properties['PolicyDocument'] as { Statement: Statement[] }).Statement);
}

export function actionsOf(statement: Statement): string[] {
  return [statement.Action].flat();
}

/** The actions a function has on resources whose ARN mentions one of our constructs, e.g. `LedgerTable`. */
export function actionsOn(from: Synthesized, fn: HouseFunction<never>, resource: string): string[] {
  const statements = statementsOf(from, fn).filter(({ Resource }) =>
    JSON.stringify(Resource).includes(resource),
  );
  return [...new Set(statements.flatMap(actionsOf))].sort();
}

export function tagsOf(resource: Resource): Record<string, string> | undefined {
  const replicas = resource.Properties['Replicas'] as { Tags?: unknown }[] | undefined;
  const tags = replicas ? replicas[0]?.Tags : resource.Properties['Tags'];
  if (Array.isArray(tags)) {
    return Object.fromEntries(
      (tags as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]),
    );
  }
  return tags as Record<string, string> | undefined;
}

export const PACK: Pack = {
  name: 'fixture',
  version: '1',
  targets: ['OPENAI_API_KEY', 'OPENAI_API_KEY', 'AZURE_KEY'].map((env, index) => ({
    id: `target-${index}`,
    provider: 'openai',
    vendor: 'openai',
    model: `model-${index}`,
    provider_model: `model-${index}`,
    base_url: 'https://api.openai.com/v1',
    secret: index === 2 ? { store: 'azure/key' } : { env },
    timeout_ms: 1000,
    idle_timeout_ms: 1000,
    max_attempts: 2,
  })),
  routing: { strategy: 'ordered', breaker: { failures: 5, open_seconds: 30 } },
  aliases: {},
  requires: {},
  chain: [],
  auth: {},
  on_block: 'refusal',
  block_status: 400,
  message: 'no',
  audit: { mode: 'strict' },
  unscanned_parts: 'pass',
  hash: '0'.repeat(64),
};
