import { addressKind } from './address.ts';

/** How far a connection may go: to the internet, also into our own network, or to this machine only. */
export type Reach = 'public' | 'private' | 'loopback';

/** Ports of a public endpoint; one in our own network, or on this machine, may have any. */
const PORTS: ReadonlySet<string> = new Set(['', '443', '8443']);

/** Names that exist inside a network only (RFC 6761, 6762, 8375, 9476 and what routers hand out). */
const INNER_NAME = /(^|\.)(localhost|local|internal|intranet|corp|home|lan|localdomain|home\.arpa|private)$/;
const HOST_NAME = /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Why the gateway may not call an endpoint, in words for whoever wrote it; undefined = it may. */
export function endpointProblem(text: string, privateNetwork = false): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) return 'must be an absolute URL, for example https://api.openai.com/v1';
  if (url.username || url.password) return 'must not hold a user name or password';
  if (url.search || url.hash || /[?#]/.test(text)) return 'must not hold a query or fragment';
  if (!isPlain(text, url)) {
    return 'must be written plainly: https://, a host name or address in its usual spelling, a path without \\ or spaces';
  }
  const loopback = isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    return 'must start with https:// (http:// only for 127.0.0.1, [::1] or localhost)';
  }
  if (loopback) return undefined;
  return hostProblem(url.hostname, privateNetwork) ?? portProblem(url.port, privateNetwork);
}

/** How far a connection to an endpoint without problem may go. */
export function reachOf(hostname: string, privateNetwork = false): Reach {
  if (isLoopback(hostname)) return 'loopback';
  return privateNetwork ? 'private' : 'public';
}

/** Whether a connection of that reach may end at an address. Loopback means nothing but loopback. */
export function mayConnect(address: string, reach: Reach): boolean {
  const kind = addressKind(address);
  if (reach === 'loopback') return kind === 'loopback';
  return kind === 'public' || (reach === 'private' && kind === 'private');
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || addressKind(withoutBrackets(hostname)) === 'loopback';
}

/** `[::1]` → `::1`. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/** What a person reads is what is connected to: no second spelling of a host, no character that a parser drops or turns. */
function isPlain(text: string, url: URL): boolean {
  const written = /^https?:\/\/([\x21-\x7e]+?)(\/[\x21-\x7e]*)?$/i.exec(text);
  if (!written || text.includes('\\')) return false;
  const host = (written[1] ?? '').toLowerCase().replace(/:\d+$/, '');
  return host === url.hostname;
}

function hostProblem(hostname: string, privateNetwork: boolean): string | undefined {
  const kind = addressKind(withoutBrackets(hostname));
  const inner =
    kind === 'private' || (kind === undefined && (INNER_NAME.test(hostname) || !hostname.includes('.')));
  if (inner && !privateNetwork) {
    return 'is an address or name inside a network; say private_network: true when it is in your own';
  }
  if (kind === 'forbidden') return 'is an address that no provider has (link-local, metadata or reserved)';
  if (kind === undefined && !HOST_NAME.test(hostname)) return 'does not hold a host name';
  return undefined;
}

function portProblem(port: string, privateNetwork: boolean): string | undefined {
  if (privateNetwork || PORTS.has(port)) return undefined;
  return 'must use port 443 or 8443; other ports need private_network: true';
}
