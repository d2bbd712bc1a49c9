import { join } from 'node:path';
import * as z from 'zod';
import type { Origin } from '#core/ledger/origin.ts';
import { readIfExists, replaceFile } from '#local/private-file.ts';

/** Where `kt gateway run` keeps what, in its state folder. */
export function statePaths(folder: string) {
  return {
    journal: join(folder, 'journal'),
    keys: join(folder, 'keys.json'),
    keyUses: join(folder, 'key-uses.json'),
    tenantKey: join(folder, 'tenant-key'),
    reported: join(folder, 'reported.json'),
    budgets: join(folder, 'budgets.sqlite'),
    reviews: join(folder, 'reviews'),
    gateway: join(folder, 'gateway.json'),
  };
}

/** What the running (or last) gateway of a state folder says about itself. */
const GatewayFile = z.object({
  url: z.string(),
  pid: z.int(),
  environment: z.string(),
  pack: z.string(),
  packHash: z.string(),
});
export type GatewayFile = z.infer<typeof GatewayFile>;

export async function writeGatewayFile(folder: string, contents: GatewayFile): Promise<void> {
  await replaceFile(statePaths(folder).gateway, `${JSON.stringify(contents, null, 2)}\n`);
}

export async function readGatewayFile(folder: string): Promise<GatewayFile | undefined> {
  const text = await readIfExists(statePaths(folder).gateway);
  if (text === undefined) return undefined;
  const parsed = GatewayFile.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
}

/** Where the events come from that a person causes beside the gateway. */
export async function standaloneOrigin(folder: string, version: string): Promise<Origin> {
  const gateway = await readGatewayFile(folder);
  const environment = gateway?.environment ?? STANDALONE;
  return {
    environment,
    version,
    pack: gateway?.pack ?? 'none',
    packHash: gateway?.packHash ?? 'none',
    costTags: (appId) => ({ app: appId, env: environment }),
  };
}

/** The environment of a gateway without a cloud. */
export const STANDALONE = 'standalone';
