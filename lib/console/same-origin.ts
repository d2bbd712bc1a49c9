import { ConsoleError } from './console-error.ts';

const SAFE = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Nothing is sent by a browser on its own: there is no cookie. Beside that, a change that comes from the page of another site is
 * refused before anybody is signed in. Programs send neither header.
 */
export function requireSameOrigin(request: Request): void {
  if (SAFE.includes(request.method)) return;
  const site = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  if (site === 'same-origin') return;
  if (site === null && (origin === null || hostOf(origin) === hostOf(request.url))) return;
  throw new ConsoleError(
    'forbidden',
    'This change was sent from another site. Use the page of this console.',
  );
}

/** Old browsers only: a browser knows better than we do which address of ours it asked. TLS may end before the console. */
function hostOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).host : undefined;
}
