import { join } from 'node:path';
import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import { openDurableMap } from '../durable-map.ts';
import { type Operation, operation, type Service } from '../operation.ts';
import { ById, Create, Delete, Get, INVALID, newValue, Put, requiredValue, Update } from './inputs.ts';
import { PasswordOptions, randomPassword } from './random-password.ts';
import { type Secret, type Version, versionOf, withValue } from './secret.ts';
import { Vault } from './vault.ts';

export interface SecretsOptions {
  /** Folder of the file with the secrets (mode 0600); undefined = in memory. */
  readonly dataDir: string | undefined;
  readonly region: string;
  readonly account: string;
}

/** Secrets Manager. Values are kept in a file only its owner can read, never in a log or an error. */
export async function secretsService(options: SecretsOptions): Promise<Service> {
  const { dataDir, region, account } = options;
  const file = dataDir === undefined ? undefined : join(dataDir, 'secrets.jsonl');
  const secrets = await openDurableMap<Secret>({ file, slack: 0 });
  const vault = new Vault(secrets, `arn:aws:secretsmanager:${region}:${account}:secret:`);
  return {
    target: 'secretsmanager',
    operations: { ...writing(vault), ...reading(vault), ...deleting(vault) },
    close: () => secrets.close(),
  };
}

function writing(vault: Vault): Record<string, Operation> {
  return {
    CreateSecret: operation(Create, (input) => create(vault, input), INVALID),
    PutSecretValue: operation(
      Put,
      async (input) => {
        const next = requiredValue(input);
        const secret = withValue(vault.findLive(input.SecretId), next, input.VersionStages, Date.now());
        await vault.save(secret);
        return { ...names(secret), VersionId: next.id, VersionStages: input.VersionStages };
      },
      INVALID,
    ),
    UpdateSecret: operation(Update, (input) => update(vault, input), INVALID),
  };
}

async function create(vault: Vault, input: z.output<typeof Create>): Promise<object> {
  const known = vault.byName(input.Name);
  if (known) {
    const waits = known.deletedAt === undefined ? 'already exists' : 'is scheduled for deletion';
    throw new AwsError(
      'ResourceExistsException',
      `The operation failed because the secret ${input.Name} ${waits}.`,
    );
  }
  const now = Date.now();
  const empty: Secret = {
    ...{ arn: vault.newArn(input.Name), name: input.Name, tags: input.Tags, versions: [] },
    ...{ createdAt: now, changedAt: now },
    ...(input.Description === undefined ? {} : { description: input.Description }),
  };
  const next = newValue(input);
  const secret = await vault.save(next ? withValue(empty, next, ['AWSCURRENT'], now) : empty);
  return { ...names(secret), ...(next ? { VersionId: next.id } : {}) };
}

async function update(vault: Vault, input: z.output<typeof Update>): Promise<object> {
  const found = vault.findLive(input.SecretId);
  const described = input.Description === undefined ? found : { ...found, description: input.Description };
  const next = newValue(input);
  const secret = next ? withValue(described, next, ['AWSCURRENT'], Date.now()) : described;
  await vault.save(secret);
  return { ...names(secret), ...(next ? { VersionId: next.id } : {}) };
}

function reading(vault: Vault): Record<string, Operation> {
  return {
    GetSecretValue: operation(
      Get,
      ({ SecretId, VersionId, VersionStage }) => {
        const secret = vault.findLive(SecretId);
        return present(secret, versionOf(secret, { id: VersionId, stage: VersionStage }));
      },
      INVALID,
    ),
    DescribeSecret: operation(ById, ({ SecretId }) => describe(vault.find(SecretId)), INVALID),
    ListSecrets: operation(z.object({}), () => ({
      SecretList: vault
        .all()
        .filter((secret) => secret.deletedAt === undefined)
        .map(describe),
    })),
    GetRandomPassword: operation(
      PasswordOptions,
      (input) => ({ RandomPassword: randomPassword(input) }),
      INVALID,
    ),
  };
}

function present(secret: Secret, version: Version): object {
  return {
    ...names(secret),
    VersionId: version.id,
    VersionStages: version.stages,
    CreatedDate: version.createdAt / 1000,
    ...(version.text === undefined ? {} : { SecretString: version.text }),
    ...(version.binary === undefined ? {} : { SecretBinary: version.binary }),
  };
}

function describe(secret: Secret): object {
  const stages = Object.fromEntries(secret.versions.map((version) => [version.id, version.stages]));
  return {
    ...names(secret),
    Description: secret.description,
    Tags: secret.tags,
    CreatedDate: secret.createdAt / 1000,
    LastChangedDate: secret.changedAt / 1000,
    DeletedDate: secret.deletedAt === undefined ? undefined : secret.deletedAt / 1000,
    VersionIdsToStages: stages,
    SecretVersionsToStages: stages,
  };
}

function names(secret: Secret): { ARN: string; Name: string } {
  return { ARN: secret.arn, Name: secret.name };
}

function deleting(vault: Vault): Record<string, Operation> {
  return {
    DeleteSecret: operation(
      Delete,
      async ({ SecretId, ForceDeleteWithoutRecovery, RecoveryWindowInDays }) => {
        const secret = vault.find(SecretId);
        const now = Date.now();
        if (ForceDeleteWithoutRecovery) await vault.forget(secret.name);
        else await vault.save({ ...secret, deletedAt: now });
        const days = ForceDeleteWithoutRecovery ? 0 : RecoveryWindowInDays;
        return { ...names(secret), DeletionDate: now / 1000 + days * 86_400 };
      },
      INVALID,
    ),
    RestoreSecret: operation(
      ById,
      async ({ SecretId }) => {
        const { deletedAt: _gone, ...secret } = vault.find(SecretId);
        return names(await vault.save(secret));
      },
      INVALID,
    ),
  };
}
