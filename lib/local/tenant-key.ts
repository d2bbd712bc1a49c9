import { randomBytes } from 'node:crypto';
import { createFile, readIfExists } from './private-file.ts';

const SHAPE = /^[0-9a-f]{64}$/;

/**
 * The key that pseudonyms and fingerprints are made with: 32 random bytes in hex, made on first use and kept in a
 * file with mode 0600. Losing it means that old pseudonyms match no new ones.
 */
export async function tenantKey(path: string): Promise<string> {
  const kept = (await readIfExists(path)) ?? (await make(path));
  const key = kept.trim();
  if (!SHAPE.test(key))
    throw new Error(`${path} does not hold a tenant key: 64 hex digits. Restore it or remove it.`);
  return key;
}

async function make(path: string): Promise<string> {
  const key = randomBytes(32).toString('hex');
  if (await createFile(path, `${key}\n`)) return key;
  return (await readIfExists(path)) ?? '';
}
