import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { StartError } from './start-error.ts';

/** The credentials of a local stack, in clear: they open nothing but this machine's stack. */
export const Credentials = z.object({
  apiKey: z.string(),
  adminToken: z.string(),
  reviewerToken: z.string(),
  viewerToken: z.string(),
});
export type Credentials = z.infer<typeof Credentials>;

/** What `.kt/local.json` tells programs while the stack runs. */
export const LocalFile = Credentials.extend({
  /** With `/v1`: what an OpenAI client calls its base URL. */
  gatewayUrl: z.string(),
  consoleUrl: z.string(),
  /** App → URL of its dedicated gateway, with `/v1`. */
  dedicated: z.record(z.string(), z.string()),
  awsEndpoint: z.string(),
  region: z.string(),
  stateTable: z.string(),
  environment: z.string(),
  pid: z.int(),
});
export type LocalFile = z.infer<typeof LocalFile>;

/** The file's content when it is there and whole. */
export function readPrivate<T>(path: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Replaces the file at once, readable by its owner only. */
export function writePrivate(path: string, content: unknown): void {
  const next = `${path}.${process.pid}.tmp`;
  rmSync(next, { force: true });
  writeFileSync(next, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(next, path);
}

/** Throws when another process serves this folder; a file left by a killed one is no hindrance. */
export async function refuseSecond(path: string): Promise<void> {
  const running = readPrivate(path, LocalFile);
  if (!running || running.pid === process.pid || !isAlive(running.pid)) return;
  if (!(await answers(running.awsEndpoint))) return;
  throw new StartError(
    `already running as process ${running.pid} (${running.gatewayUrl}): stop it first, or start in another folder`,
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The process id may belong to somebody else by now; the endpoint then is silent. */
async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(1000) });
    return true;
  } catch {
    return false;
  }
}
