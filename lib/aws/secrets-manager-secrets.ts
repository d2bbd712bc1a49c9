import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { Key } from '#core/auth/key.ts';
import { GatewayError } from '#core/errors.ts';
import type { Clock, Secrets } from '#core/ports.ts';
import { readThroughCache } from './read-through-cache.ts';
import { systemClock } from './system-clock.ts';

export interface SecretsOptions {
  /** Name in the pack → ARN. */
  readonly arns: Readonly<Record<string, string>>;
  readonly client?: SecretsManagerClient;
  readonly clock?: Clock;
}

const FRESH_MS = 5 * 60_000;
const STALE_MS = 24 * 60 * 60_000;
const PAUSE_MS = 10_000;
/** After a provider's 401 the source is asked again, but not more often than this. */
const REFRESH_QUIET_MS = 30_000;

/** Secrets from Secrets Manager, kept for five minutes, and for a day when it cannot be reached. */
export function secretsManagerSecrets({
  arns,
  client = createSecretsClient(),
  clock = systemClock,
}: SecretsOptions): Secrets {
  const cache = readThroughCache<Key>({
    load: (arn) => fetchSecret(client, arn),
    clock,
    freshMs: FRESH_MS,
    absentMs: PAUSE_MS,
    staleMs: STALE_MS,
    pauseMs: PAUSE_MS,
    maxKeys: 200,
  });

  return {
    async get(name, { refresh = false } = {}) {
      const arn = Object.hasOwn(arns, name) ? arns[name] : undefined;
      if (arn === undefined) throw unavailable(name, 'this deployment has no secret of that name');
      const asked = refresh ? cache.refresh(arn, REFRESH_QUIET_MS) : cache.get(arn);
      const value = await asked.catch((cause: unknown) => {
        throw unavailable(name, 'Secrets Manager cannot be read right now', cause);
      });
      if (!value) throw unavailable(name, 'it has no value yet; put the key into Secrets Manager');
      return value;
    },
  };
}

function createSecretsClient(): SecretsManagerClient {
  return new SecretsManagerClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
  });
}

/** Without the line feed that comes with a pasted key. A missing secret and one without a value are the same. */
async function fetchSecret(client: SecretsManagerClient, arn: string): Promise<Key | undefined> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    const value = SecretString?.trim();
    return value ? new Key(value) : undefined;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

function unavailable(name: string, why: string, cause?: unknown): GatewayError {
  return new GatewayError('credentials_unavailable', `The secret "${name}" is not available: ${why}.`, {
    cause,
  });
}
