import { open, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_MS = 5000;
const RETRY_MS = 20;
/** A lock this old belongs to a process that died while it held it: the work inside takes milliseconds. */
const STALE_MS = 10_000;

/** Runs `work` while no other process does so for the same file. Throws after five seconds of waiting. */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  await acquire(lock);
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function acquire(lock: string): Promise<void> {
  const giveUp = Date.now() + WAIT_MS;
  while (!(await take(lock))) {
    if (Date.now() > giveUp)
      throw new Error(`${lock} is held by another process: remove it if none is running`);
    await dropStale(lock);
    await sleep(RETRY_MS);
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function dropStale(lock: string): Promise<void> {
  const found = await stat(lock).catch(() => undefined);
  if (found && Date.now() - found.mtimeMs > STALE_MS) await rm(lock, { force: true });
}
