import * as z from 'zod';
import { ConsoleIdentity } from './console-identity.ts';
import { DeployedApp } from './deployment.ts';
import { FUNCTIONS, type FunctionName } from './functions.ts';
import { RETENTION, RETENTION_PRESETS } from './retention.ts';

/** A setting that may be given for each function on its own. */
function perFunction<S extends z.ZodType>(schema: S) {
  const names = Object.keys(FUNCTIONS) as FunctionName[];
  const shape = Object.fromEntries(names.map((name) => [name, schema.optional()]));
  return z.strictObject(shape as Record<FunctionName, z.ZodOptional<S>>).default({});
}

/** AWS allows these characters in a tag; `aws:` and our own keys are taken. */
const TAG_KEY = /^(?!aws:|(app|env|dedicated|keeptrusts:component)$)[A-Za-z0-9 _.:/=+@-]{1,128}$/;
const tagValue = z.string().regex(/^[A-Za-z0-9 _.:/=+@-]{0,256}$/, 'has a character that a tag may not have');

const EnvironmentTags = z
  .strictObject({ 'cost-center': tagValue.min(1) })
  .catchall(tagValue)
  .superRefine((tags, context) => {
    for (const key of Object.keys(tags).filter((key) => !TAG_KEY.test(key))) {
      const message =
        'app, env, dedicated, keeptrusts:component and aws:… are set by others; a key has at most 128 plain characters';
      context.addIssue({ code: 'custom', path: [key], message });
    }
  });

const Retention = z
  .strictObject({ preset: z.enum(RETENTION_PRESETS), days: z.int().min(1).max(36_500).optional() })
  .superRefine(({ preset, days }, context) => {
    const { floor } = RETENTION[preset];
    if (days === undefined || days >= floor) return;
    context.addIssue({
      code: 'custom',
      path: ['days'],
      message: `the preset "${preset}" keeps records for at least ${floor} days`,
    });
  });

const Apps = z.array(DeployedApp).superRefine((apps, context) => {
  const seen = new Set<string>();
  for (const [index, { id }] of apps.entries()) {
    if (seen.has(id))
      context.addIssue({ code: 'custom', path: [index, 'id'], message: `app "${id}" stands here twice` });
    seen.add(id);
  }
  const owners = new Map<string, string>();
  for (const [index, { id, dify_app_ids = [] }] of apps.entries()) {
    for (const [i, difyApp] of dify_app_ids.entries()) {
      const owner = owners.get(difyApp);
      const message = `the Dify app "${difyApp}" belongs to "${owner}" already`;
      if (owner !== undefined)
        context.addIssue({ code: 'custom', path: [index, 'dify_app_ids', i], message });
      owners.set(difyApp, id);
    }
  }
});

/** One file of `environments/`: everything that differs between two deployments. */
export const Environment = z.strictObject({
  description: z.string().optional(),
  /** Twelve digits; left out = the account of the credentials at deploy time. */
  account: z
    .string()
    .regex(/^\d{12}$/, 'an AWS account id has twelve digits and stands in quotes')
    .optional(),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected an AWS region such as eu-central-1'),
  /** Stacks refuse deletion and log groups outlive them. Tables and keys are always kept. */
  protected: z.boolean().default(true),
  /** On every resource, beside `app`, `env` and `keeptrusts:component`. */
  tags: EnvironmentTags,
  /** The pack's file, from the root of the project. */
  pack: z.string().min(1),
  apps: Apps.default([]),
  retention: Retention.default({ preset: 'default' }),
  audit: z
    .strictObject({
      /** The weakest mode this environment accepts from its pack. */
      mode: z.enum(['strict', 'best_effort']).default('strict'),
    })
    .default({ mode: 'strict' }),
  auth: z
    .strictObject({
      /** The provider's own key is accepted as the caller's key. Left out = what the pack says, else no. */
      provider_key: z.boolean().optional(),
    })
    .default({}),
  console: ConsoleIdentity.default({ identity: 'tokens' }),
  alarms: z.strictObject({ email: z.email().optional() }).default({}),
  /** Who is told of budget warnings and reviews; each address confirms once. */
  notifications: z.strictObject({ email: z.array(z.email()).max(10).default([]) }).default({ email: [] }),
  logs: z
    .strictObject({ retention_days: z.literal([7, 14, 30, 60, 90, 180, 365, 731]).default(30) })
    .default({ retention_days: 30 }),
  gateway: z
    .strictObject({ timeout_seconds: z.int().min(30).max(900).default(300) })
    .default({ timeout_seconds: 300 }),
  bedrock: z
    .strictObject({
      /** Each app calls Bedrock through a profile of its own, which carries its tags: the AWS bill splits by app. */
      inference_profiles: z.boolean().default(true),
    })
    .default({ inference_profiles: true }),
  /** MB per function; the processor grows with it. */
  memory: perFunction(z.int().min(128).max(10_240)),
  /** Most parallel runs per function: a brake on spend. Left out = the account's limit. */
  concurrency: perFunction(z.int().min(1).max(10_000)),
});
export type Environment = z.infer<typeof Environment>;

/** Days a ledger record is kept. */
export function retentionDays({ retention }: Environment): number {
  return retention.days ?? RETENTION[retention.preset].days;
}

/** The apps of an environment; `default` always exists. */
export function appsOf(environment: Environment): DeployedApp[] {
  if (environment.apps.some((app) => app.id === 'default')) return environment.apps;
  const fallback: DeployedApp = {
    id: 'default',
    name: 'Default',
    cost_center: environment.tags['cost-center'],
    dedicated: false,
  };
  return [fallback, ...environment.apps];
}
