import { Hono } from 'hono/tiny';
import type { Person } from '../person.ts';

/** What every handler behind the sign-in may rely on. */
export interface SignedIn {
  readonly Variables: { readonly person: Person };
}

export type Routes = Hono<SignedIn>;

export function routes(): Routes {
  return new Hono<SignedIn>();
}
