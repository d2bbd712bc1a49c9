import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { clientConfig } from '../../support/services.ts';

/** What the product relies on of Secrets Manager, told through the real SDK client. */
export function secretsContract(endpoint: () => string): void {
  let client: SecretsManagerClient;
  beforeAll(() => {
    client = new SecretsManagerClient(clientConfig(endpoint()));
  });
  afterAll(() => client.destroy());

  const create = async (SecretString?: string): Promise<{ name: string; arn: string }> => {
    const name = `kt/test/${randomUUID()}`;
    const value = SecretString === undefined ? {} : { SecretString };
    const { ARN } = await client.send(new CreateSecretCommand({ Name: name, ...value }));
    return { name, arn: ARN! };
  };
  const read = (SecretId: string, more: object = {}) =>
    client.send(new GetSecretValueCommand({ SecretId, ...more }));

  describe('Secrets Manager', () => {
    test('gives an ARN with a six-character suffix', async () => {
      const { name, arn } = await create('v');
      expect(arn).toMatch(
        new RegExp(`^arn:aws:secretsmanager:us-east-1:\\d{12}:secret:${name}-[A-Za-z0-9]{6}$`),
      );
    });

    test('is read by name, by ARN or by ARN without suffix', async () => {
      const { name, arn } = await create('sk-1');
      for (const id of [name, arn, arn.slice(0, -7)]) expect((await read(id)).SecretString).toBe('sk-1');
    });

    test('keeps bytes', async () => {
      const Name = `kt/test/${randomUUID()}`;
      await client.send(new CreateSecretCommand({ Name, SecretBinary: Uint8Array.of(0, 255) }));
      expect([...(await read(Name)).SecretBinary!]).toEqual([0, 255]);
    });

    test('keeps the value before the current one', async () => {
      const { name } = await create('one');
      await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: 'two' }));
      expect((await read(name)).SecretString).toBe('two');
      expect((await read(name, { VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('one');
    });

    test('updates value and description', async () => {
      const { name } = await create('one');
      await client.send(new UpdateSecretCommand({ SecretId: name, SecretString: 'two', Description: 'why' }));
      expect((await read(name)).SecretString).toBe('two');
      expect((await client.send(new DescribeSecretCommand({ SecretId: name }))).Description).toBe('why');
    });

    test('can be created empty', async () => {
      const { name } = await create();
      await expect(read(name)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
      await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: 'filled' }));
      expect((await read(name)).SecretString).toBe('filled');
    });

    test('takes the same version twice as one', async () => {
      const { name } = await create('one');
      const put = { SecretId: name, SecretString: 'two', ClientRequestToken: randomUUID() };
      await client.send(new PutSecretValueCommand(put));
      await client.send(new PutSecretValueCommand(put));
      expect((await read(name, { VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('one');
    });

    test('refuses a name that exists', async () => {
      const { name } = await create('v');
      const again = client.send(new CreateSecretCommand({ Name: name, SecretString: 'w' }));
      await expect(again).rejects.toMatchObject({ name: 'ResourceExistsException' });
    });

    test('refuses a secret that does not exist', async () => {
      await expect(read('nowhere')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    });

    test('is not read while it waits for its deletion', async () => {
      const { name } = await create('v');
      await client.send(new DeleteSecretCommand({ SecretId: name }));
      await expect(read(name)).rejects.toMatchObject({ name: 'InvalidRequestException' });
      await client.send(new RestoreSecretCommand({ SecretId: name }));
      expect((await read(name)).SecretString).toBe('v');
    });

    test('is gone after a forced deletion', async () => {
      const { name } = await create('v');
      await client.send(new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }));
      await expect(read(name)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    });

    test('lists secrets without their values', async () => {
      const { name } = await create('hidden-value');
      const { SecretList } = await client.send(new ListSecretsCommand({}));
      expect(SecretList?.map((entry) => entry.Name)).toContain(name);
      expect(JSON.stringify(SecretList)).not.toContain('hidden-value');
    });

    test('makes random passwords by the rules asked for', async () => {
      const { RandomPassword } = await client.send(
        new GetRandomPasswordCommand({
          PasswordLength: 64,
          ExcludePunctuation: true,
          ExcludeCharacters: 'a0',
        }),
      );
      expect(RandomPassword).toMatch(/^[b-zA-Z1-9]{64}$/);
    });
  });
}
