import { isObject, type JsonObject } from '#core/json.ts';
import type { KeyRing } from '#core/ports.ts';
import type { Exchange } from './exchange.ts';

const CLAIM_HEADERS = {
  'x-dify-app-id': 'dify_app_id',
  'x-user-id': 'user_id',
  'x-keeptrusts-agent-id': 'agent_id',
};
const MAX_CLAIM = 256;

/** Claims say who the client thinks it is; they are recorded and never decide anything: the key does. */
export function readClaims(exchange: Exchange, body: JsonObject, headers: Headers): void {
  for (const [header, name] of Object.entries(CLAIM_HEADERS)) {
    const value = headers.get(header);
    if (value) exchange.claims[name] = claim(value);
  }
  const inHeader = exchange.claims['dify_app_id'];
  const inBody = difyAppOf(body['metadata']);
  if (inBody !== undefined) exchange.claims['dify_app_id'] = inBody;
  if (typeof body['user'] === 'string') exchange.endUser = body['user'].slice(0, MAX_CLAIM);

  const claimed = [inHeader, inBody].filter((one) => one !== undefined);
  exchange.claimConflict = new Set(claimed).size > 1 || claimed.some((id) => contradicts(id, exchange));
}

/**
 * What the environment file cannot know: a Dify app that was stored with another app. Asked only for a claim that nothing contradicts
 * so far, by apps without Dify apps of their own.
 */
export async function askWhoseClaim(exchange: Exchange, keys: Pick<KeyRing, 'appOfDify'>): Promise<void> {
  const difyApp = exchange.claims['dify_app_id'];
  if (difyApp === undefined || exchange.claimConflict || ownDifyApps(exchange).length > 0) return;
  const owner = await keys.appOfDify(difyApp);
  exchange.claimConflict = owner !== undefined && owner !== exchange.caller.app.id;
}

/** Only what an identifier may hold: a claim is shown to people and must carry no text of its own. */
export function claim(value: string): string {
  return value.slice(0, MAX_CLAIM).replace(/[^A-Za-z0-9._:@-]/g, '_');
}

function difyAppOf(metadata: unknown): string | undefined {
  const id = isObject(metadata) ? metadata['dify_app_id'] : undefined;
  return typeof id === 'string' && id !== '' ? claim(id) : undefined;
}

/** The Dify app belongs to another app than the key, or the key's app has Dify apps and this is none of them. */
function contradicts(difyApp: string, exchange: Exchange): boolean {
  const own = ownDifyApps(exchange);
  if (own.includes(difyApp)) return false;
  const { apps } = exchange.deployment;
  return own.length > 0 || apps.some(({ dify_app_ids }) => dify_app_ids?.includes(difyApp));
}

function ownDifyApps({ caller, deployment }: Exchange): string[] {
  const declared = deployment.apps.find(({ id }) => id === caller.app.id);
  return [...(caller.app.difyAppIds ?? []), ...(declared?.dify_app_ids ?? [])];
}
