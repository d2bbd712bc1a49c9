import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import type { Deployment } from './deployment.ts';

/** Catches a file that is none of ours; synth has checked the rest. */
const Shape = z.looseObject({
  environment: z.string().min(1),
  version: z.string(),
  pack: z.looseObject({ hash: z.string(), chain: z.array(z.unknown()), targets: z.array(z.unknown()) }),
  apps: z.array(z.looseObject({ id: z.string() })),
  retentionDays: z.number().positive(),
  prices: z.looseObject({ version: z.string() }),
  costTags: z.record(z.string(), z.string()),
});

/** The `deployment.json` beside the bundle. `DEPLOYMENT_FILE` may name another, relative to the bundle. Throws when it is missing or wrong. */
export function readDeployment(variables: Record<string, string | undefined> = process.env): Deployment {
  const bundle = variables['LAMBDA_TASK_ROOT'] ?? process.cwd();
  const file = resolve(bundle, variables['DEPLOYMENT_FILE'] ?? 'deployment.json');
  const result = Shape.safeParse(parse(file));
  if (result.success) return result.data as unknown as Deployment;
  const wrong = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new Error(`${file} is not a deployment: ${wrong}. Synthesize again.`);
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file} cannot be read. It is written beside the bundle by "cdk synth".`, { cause });
  }
}
