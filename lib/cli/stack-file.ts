import { join } from 'node:path';
import * as z from 'zod';
import { readIfExists } from '#local/private-file.ts';
import { CliError } from './cli-error.ts';
import type { Terminal } from './terminal.ts';

/** Where a folder keeps its local state. */
export const STATE_FOLDER = '.kt';

/** What `kt start` writes for programs. */
const StackFile = z.object({
  gatewayUrl: z.string(),
  consoleUrl: z.string(),
  apiKey: z.string(),
  adminToken: z.string(),
  reviewerToken: z.string(),
  viewerToken: z.string(),
  awsEndpoint: z.string(),
  region: z.string(),
  stateTable: z.string(),
  pid: z.int(),
});
export type RunningStack = z.infer<typeof StackFile>;

/** The stack that `kt start` runs in this folder, or in that of the product; undefined when none runs. */
export async function runningStack({
  cwd,
  root,
}: Pick<Terminal, 'cwd' | 'root'>): Promise<RunningStack | undefined> {
  for (const folder of new Set([cwd, root])) {
    const stack = await readStack(join(folder, STATE_FOLDER, 'local.json'));
    if (stack && isAlive(stack.pid)) return stack;
  }
  return undefined;
}

async function readStack(path: string): Promise<RunningStack | undefined> {
  const text = await readIfExists(path);
  if (text === undefined) return undefined;
  const stack = StackFile.safeParse(parse(text));
  if (stack.success) return stack.data;
  throw new CliError(`${path} is not what kt start writes. Remove it and start again.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Signal 0 asks without sending; EPERM means that the process exists and belongs to someone else. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
