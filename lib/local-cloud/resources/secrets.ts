import {
  CreateSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { type Declared, declared } from '../template/declared.ts';
import { physicalName, type Registry } from '../template/names.ts';
import { type GeneratedSecret, generateSecret } from './generate-secret.ts';

export const SECRET_TYPES = ['AWS::SecretsManager::Secret'] as const;

/** Creates the secrets that do not exist; a generated value is made once and kept. */
export async function createSecrets(registry: Registry, client: SecretsManagerClient): Promise<number> {
  const secrets = declared(registry, ...SECRET_TYPES);
  for (const secret of secrets) {
    const name = String(secret.property('Name') ?? physicalName(secret.stack, secret.logicalId, 512));
    const arn = (await arnOf(client, name)) ?? (await create(client, name, secret));
    registry.set(secret.stack, secret.logicalId, { ref: arn, attributes: { Id: arn } });
  }
  return secrets.length;
}

/** Gives a secret its value. */
export async function putSecret(
  client: SecretsManagerClient,
  SecretId: string,
  SecretString: string,
): Promise<void> {
  await client.send(new PutSecretValueCommand({ SecretId, SecretString }));
}

async function arnOf(client: SecretsManagerClient, SecretId: string): Promise<string | undefined> {
  try {
    return (await client.send(new DescribeSecretCommand({ SecretId }))).ARN;
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

async function create(client: SecretsManagerClient, Name: string, { property }: Declared): Promise<string> {
  const generate = property('GenerateSecretString') as GeneratedSecret | undefined;
  const SecretString = generate ? generateSecret(generate) : property('SecretString');
  const { ARN } = await client.send(
    new CreateSecretCommand({ Name, ...(typeof SecretString === 'string' && { SecretString }) }),
  );
  return ARN ?? '';
}
