import { Hono } from 'hono/tiny';
import type { ConsoleToken } from '#core/ports.ts';

/** What every handler behind the sign-in may rely on. */
export interface SignedIn {
  readonly Variables: { readonly person: ConsoleToken };
}

export type Routes = Hono<SignedIn>;

export function routes(): Routes {
  return new Hono<SignedIn>();
}
