import * as z from 'zod';
import { fetchBytes } from './fetch-json.ts';
import { isSafe } from './settings.ts';

const address = z.string().max(2000).refine(isSafe);

const Discovery = z.object({
  issuer: z.string(),
  authorization_endpoint: address,
  token_endpoint: address,
  jwks_uri: address,
  end_session_endpoint: address.optional(),
});
export type Discovery = z.output<typeof Discovery>;

/** An issuer that is away is not asked again by every request: until this is over, the same answer is given without asking. */
const REST_MS = 5_000;

/** The issuer's own description, asked once; after a failure asked again, but not at once. Throws when it describes another issuer. */
export function discoverer(issuer: string, now: () => number = Date.now): () => Promise<Discovery> {
  let known: Promise<Discovery> | undefined;
  let restsUntil = Number.NEGATIVE_INFINITY;
  return () => {
    if (now() >= restsUntil) known ??= ask();
    return known ?? Promise.reject(new Error('the issuer was away a moment ago'));
  };

  function ask(): Promise<Discovery> {
    return discover(issuer).catch((error: unknown) => {
      restsUntil = now() + REST_MS;
      known = undefined;
      throw error;
    });
  }
}

async function discover(issuer: string): Promise<Discovery> {
  const bytes = await fetchBytes(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const found = Discovery.parse(JSON.parse(new TextDecoder().decode(bytes)));
  if (found.issuer !== issuer) throw new Error('the description is that of another issuer');
  return found;
}
