import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import { openDurableMap } from '../durable-map.ts';
import { type Operation, operation, type Service } from '../operation.ts';
import { PasswordOptions, randomPassword } from './random-password.ts';
import { type NewValue, type Secret, type Version, versionOf, withValue } from './secret.ts';
import { Vault } from './vault.ts';

export interface SecretsOptions {
  /** Folder of the file with the secrets (mode 0600); undefined = in memory. */
  readonly dataDir: string | undefined;
  readonly region: string;
  readonly account: string;
}

const MAX_VALUE = 65_536;
const value = {
  SecretString: z.string().max(MAX_VALUE).optional(),
  SecretBinary: z.base64().max(MAX_VALUE).optional(),
  ClientRequestToken: z.string().min(1).max(64).optional(),
};
const Create = z.object({
  Name: z.string().regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/),
  Description: z.string().optional(),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
  ...value,
});
const ById = z.object({ SecretId: z.string().min(1) });
const Get = ById.extend({ VersionId: z.string().optional(), VersionStage: z.string().optional() });
const Put = ById.extend({ ...value, VersionStages: z.array(z.string()).min(1).default(['AWSCURRENT']) });
const Update = ById.extend({ ...value, Description: z.string().optional() });
const Delete = ById.extend({
  ForceDeleteWithoutRecovery: z.boolean().default(false),
  RecoveryWindowInDays: z.number().int().min(7).max(30).default(30),
});

type Value = { [K in keyof typeof value]?: z.output<(typeof value)[K]> };

const CODE = 'InvalidParameterException';

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
    CreateSecret: operation(Create, (input) => create(vault, input), CODE),
    PutSecretValue: operation(
      Put,
      async (input) => {
        const next = required(input);
        const secret = withValue(vault.findLive(input.SecretId), next, input.VersionStages, Date.now());
        await vault.save(secret);
        return { ...names(secret), VersionId: next.id, VersionStages: input.VersionStages };
      },
      CODE,
    ),
    UpdateSecret: operation(Update, (input) => update(vault, input), CODE),
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

function newValue(input: Value): NewValue | undefined {
  const { SecretString: text, SecretBinary: binary } = input;
  if (text === undefined && binary === undefined) return undefined;
  if (text !== undefined && binary !== undefined) {
    throw new AwsError(CODE, 'give either SecretString or SecretBinary, not both');
  }
  const id = input.ClientRequestToken ?? randomUUID();
  return text !== undefined ? { id, text } : { id, ...(binary === undefined ? {} : { binary }) };
}

function required(input: Value): NewValue {
  const next = newValue(input);
  if (next) return next;
  throw new AwsError(CODE, 'give SecretString or SecretBinary');
}

function reading(vault: Vault): Record<string, Operation> {
  return {
    GetSecretValue: operation(
      Get,
      ({ SecretId, VersionId, VersionStage }) => {
        const secret = vault.findLive(SecretId);
        return present(secret, versionOf(secret, { id: VersionId, stage: VersionStage }));
      },
      CODE,
    ),
    DescribeSecret: operation(ById, ({ SecretId }) => describe(vault.find(SecretId)), CODE),
    ListSecrets: operation(z.object({}), () => ({
      SecretList: vault
        .all()
        .filter((secret) => secret.deletedAt === undefined)
        .map(describe),
    })),
    GetRandomPassword: operation(
      PasswordOptions,
      (input) => ({ RandomPassword: randomPassword(input) }),
      CODE,
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
      CODE,
    ),
    RestoreSecret: operation(
      ById,
      async ({ SecretId }) => {
        const { deletedAt: _gone, ...secret } = vault.find(SecretId);
        return names(await vault.save(secret));
      },
      CODE,
    ),
  };
}
