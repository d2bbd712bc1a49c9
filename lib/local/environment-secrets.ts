import { Key } from '#core/auth/key.ts';
import { GatewayError } from '#core/errors.ts';
import type { Secrets } from '#core/ports.ts';

/**
 * Provider keys from environment variables. A name that cannot be a variable (`store: openai/main`) is looked up as
 * `OPENAI_MAIN`. The environment of a process does not change, so `refresh` gives the same value again.
 */
export function environmentSecrets(env: Readonly<Record<string, string | undefined>>): Secrets {
  return {
    async get(name) {
      const variable = variableName(name);
      const value = Object.hasOwn(env, variable) ? env[variable]?.trim() : undefined;
      if (value) return new Key(value);
      throw new GatewayError('credentials_unavailable', `The environment variable ${variable} is not set.`);
    },
  };
}

/** The environment variable a secret of the pack is read from. */
export function variableName(secret: string): string {
  const usable = /^[A-Za-z_][A-Za-z0-9_]*$/.test(secret);
  return usable ? secret : secret.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();
}
