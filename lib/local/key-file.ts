import * as z from 'zod';
import { Budget, Limits } from '#core/budget/budget.ts';
import { readIfExists, replaceFile } from './private-file.ts';

const text = z.string().min(1);
const list = z.exactOptional(z.array(text).readonly());

const StoredApp = z.object({
  id: text,
  name: text,
  owner: z.exactOptional(text),
  costCenter: z.exactOptional(text),
  models: list,
  onBlock: z.exactOptional(z.enum(['refusal', 'error'])),
  difyAppIds: list,
  budget: z.exactOptional(Budget),
  limits: z.exactOptional(Limits),
});

const StoredKey = z.object({
  id: text,
  appId: text,
  prefix: text,
  name: text,
  createdAt: text,
  expiresAt: z.exactOptional(text),
  revokedAt: z.exactOptional(text),
  models: list,
  routes: list,
  budget: z.exactOptional(Budget),
  limits: z.exactOptional(Limits),
});

const StoredToken = z.object({
  subject: text,
  role: z.enum(['viewer', 'reviewer', 'admin', 'gateway']),
  apps: list,
  expiresAt: z.exactOptional(text),
  revokedAt: z.exactOptional(text),
  createdAt: z.exactOptional(text),
  prefix: z.exactOptional(text),
});

/** What `.kt/keys.json` holds: keys and tokens by the SHA-256 of what the caller presents, never themselves. */
const KeyFile = z.object({
  version: z.literal(1),
  apps: z.record(z.string(), StoredApp),
  keys: z.record(z.string(), StoredKey),
  tokens: z.record(z.string(), StoredToken),
});
export type KeyFile = z.infer<typeof KeyFile>;

/** The file's contents; a missing file holds nothing. A file that cannot be read throws: no key is better than a wrong one. */
export async function readKeyFile(path: string): Promise<KeyFile> {
  const found = await readIfExists(path);
  if (found === undefined) return { version: 1, apps: {}, keys: {}, tokens: {} };
  const parsed = KeyFile.safeParse(parse(found));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.slice(0, 1).join('.') || 'the top level';
  throw new Error(`${path} is not a key file (wrong at ${where}). Restore it, or remove it to begin anew.`);
}

export async function writeKeyFile(path: string, contents: KeyFile): Promise<void> {
  await replaceFile(path, `${JSON.stringify(contents, null, 2)}\n`);
}

function parse(found: string): unknown {
  try {
    return JSON.parse(found);
  } catch {
    return undefined;
  }
}
