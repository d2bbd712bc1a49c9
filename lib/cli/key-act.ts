import { ALL_APPS, type KeyAct } from '#core/ledger/plain-facts.ts';
import type { App, AppKey, ConsoleToken, ListedToken } from '#core/ports.ts';
import type { KeyStore } from './key-store.ts';
import { wallClock } from './source-options.ts';

type Act = Pick<KeyAct, 'type' | 'route'> & { readonly detail?: string };

/** What the ledger says about a change to a key. */
export function keyAct(store: KeyStore, { id, appId, name }: AppKey, act: Act): Promise<KeyAct> {
  return operatorAct(store, { requestId: id, appId, keyId: id, detail: name, ...act });
}

/** What the ledger says about a change to an app. */
export function appAct(store: KeyStore, { id }: App, act: Act): Promise<KeyAct> {
  return operatorAct(store, { requestId: `app_${id}`, appId: id, keyId: '', ...act });
}

/** What the ledger says about a change to a console or gateway token. */
export function tokenAct(store: KeyStore, token: ListedToken, act: Act): Promise<KeyAct> {
  const { id, role, subject } = token;
  return operatorAct(store, {
    requestId: id,
    appId: ALL_APPS,
    keyId: id,
    detail: `${role} ${subject}${ofApps(token)}`,
    ...act,
  });
}

/** `viewer`, or `viewer of hr, sales`. */
export function scopeOf(token: ConsoleToken): string {
  return `${token.role}${ofApps(token)}`;
}

function ofApps({ apps }: ConsoleToken): string {
  return apps ? ` of ${apps.join(', ')}` : '';
}

async function operatorAct(
  { operator }: KeyStore,
  facts: Omit<KeyAct, 'at' | 'auth' | 'reviewer'>,
): Promise<KeyAct> {
  return {
    at: new Date(wallClock.now()).toISOString(),
    auth: 'system',
    reviewer: await operator(),
    ...facts,
  };
}
