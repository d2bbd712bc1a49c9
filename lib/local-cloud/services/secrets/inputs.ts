import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import type { NewValue } from './secret.ts';

const MAX_VALUE = 65_536;
const value = {
  SecretString: z.string().max(MAX_VALUE).optional(),
  SecretBinary: z.base64().max(MAX_VALUE).optional(),
  ClientRequestToken: z.string().min(1).max(64).optional(),
};
/** Inputs of the operations. */
export const Create = z.object({
  Name: z.string().regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/),
  Description: z.string().optional(),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
  ...value,
});
export const ById = z.object({ SecretId: z.string().min(1) });
export const Get = ById.extend({ VersionId: z.string().optional(), VersionStage: z.string().optional() });
export const Put = ById.extend({
  ...value,
  VersionStages: z.array(z.string()).min(1).default(['AWSCURRENT']),
});
export const Update = ById.extend({ ...value, Description: z.string().optional() });
export const Delete = ById.extend({
  ForceDeleteWithoutRecovery: z.boolean().default(false),
  RecoveryWindowInDays: z.number().int().min(7).max(30).default(30),
});

type Value = { [K in keyof typeof value]?: z.output<(typeof value)[K]> };

/** What Secrets Manager calls input it refuses. */
export const INVALID = 'InvalidParameterException';

/** The value of a request; undefined when it brings none. */
export function newValue(input: Value): NewValue | undefined {
  const { SecretString: text, SecretBinary: binary } = input;
  if (text === undefined && binary === undefined) return undefined;
  if (text !== undefined && binary !== undefined) {
    throw new AwsError(INVALID, 'give either SecretString or SecretBinary, not both');
  }
  const id = input.ClientRequestToken ?? randomUUID();
  return text !== undefined ? { id, text } : { id, ...(binary === undefined ? {} : { binary }) };
}

/** The value of a request that must bring one. */
export function requiredValue(input: Value): NewValue {
  const next = newValue(input);
  if (next) return next;
  throw new AwsError(INVALID, 'give SecretString or SecretBinary');
}
