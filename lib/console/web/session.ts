const SLOT = 'keeptrusts.console-token';

/** The token lives as long as the browser tab, and is sent by this page only: nothing ambient, so no CSRF. */
export function savedToken(): string | null {
  return sessionStorage.getItem(SLOT);
}

export function saveToken(token: string): void {
  sessionStorage.setItem(SLOT, token);
}

export function forgetToken(): void {
  sessionStorage.removeItem(SLOT);
}
