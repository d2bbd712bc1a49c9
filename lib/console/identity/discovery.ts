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

/** The issuer's own description, asked once; a failure is asked again. Throws when it describes another issuer. */
export function discoverer(issuer: string): () => Promise<Discovery> {
  let known: Promise<Discovery> | undefined;
  return () => {
    known ??= discover(issuer).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}

async function discover(issuer: string): Promise<Discovery> {
  const bytes = await fetchBytes(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const found = Discovery.parse(JSON.parse(new TextDecoder().decode(bytes)));
  if (found.issuer !== issuer) throw new Error('the description is that of another issuer');
  return found;
}
