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
  stateTable: z.string().optional(),
  pid: z.int(),
});
export type RunningStack = z.infer<typeof StackFile>;

/** The stack that `kt start` is running in this folder, or undefined when none runs. */
export async function runningStack({ cwd }: Pick<Terminal, 'cwd'>): Promise<RunningStack | undefined> {
  const path = join(cwd, STATE_FOLDER, 'local.json');
  const text = await readIfExists(path);
  if (text === undefined) return undefined;
  const stack = StackFile.safeParse(parse(text));
  if (!stack.success) throw new CliError(`${path} is not what kt start writes. Remove it and start again.`);
  return isAlive(stack.data.pid) ? stack.data : undefined;
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
