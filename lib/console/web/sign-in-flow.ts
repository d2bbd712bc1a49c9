import type { ConfigView, OidcConfigView } from '../views.ts';
import { beginSignIn, finishSignIn, isCallback, type Pending, signOutUrl } from './oidc.ts';

const SLOT = 'keeptrusts.sign-in';

export async function readConfig(): Promise<ConfigView> {
  const response = await fetch('/api/config');
  if (!response.ok) throw new Error('The sign-in service cannot be reached. A console token still works.');
  return response.json() as Promise<ConfigView>;
}

/** Goes to the issuer; the way back ends in `tokenOfReturn`. */
export async function leaveToSignIn(config: OidcConfigView): Promise<void> {
  const { url, pending } = await beginSignIn(config, ownAddress(), location.hash);
  sessionStorage.setItem(SLOT, JSON.stringify(pending));
  location.assign(url);
}

/** The ID token, when this address is the way back from the issuer. The code leaves the address in any case. */
export async function tokenOfReturn(config: OidcConfigView): Promise<string | undefined> {
  const query = location.search;
  if (!isCallback(query)) return undefined;
  const kept = sessionStorage.getItem(SLOT);
  sessionStorage.removeItem(SLOT);
  const pending = kept === null ? undefined : (JSON.parse(kept) as Pending);
  history.replaceState(null, '', `${location.pathname}${pending?.at ?? ''}`);
  return (await finishSignIn(config, ownAddress(), query, pending)).token;
}

/** Ends the issuer's session, too, unless the token is one of the console. */
export async function leaveToSignOut(token: string): Promise<void> {
  if (token.startsWith('ktc_')) return;
  const config = await readConfig().catch(() => undefined);
  const url = config?.identity === 'oidc' ? signOutUrl(config, ownAddress(), token) : undefined;
  if (url) location.assign(url);
}

function ownAddress(): string {
  return `${location.origin}${location.pathname}`;
}
