import { randomBytes } from 'node:crypto';
import { AwsError } from '../aws-error.ts';

/** One version of a secret's value. */
export interface Version {
  readonly id: string;
  readonly text?: string;
  /** Base64. */
  readonly binary?: string;
  readonly createdAt: number;
  readonly stages: readonly string[];
}

/** A secret as stored. Versions without a stage are dropped, as Secrets Manager does in time. */
export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly tags: readonly { Key: string; Value: string }[];
  readonly createdAt: number;
  readonly changedAt: number;
  /** Set while the secret waits for its deletion. */
  readonly deletedAt?: number;
  readonly versions: readonly Version[];
}

export type NewValue = Pick<Version, 'id' | 'text' | 'binary'>;

const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';
const SUFFIX = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** The six random characters that Secrets Manager puts behind a name in an ARN. */
export function arnSuffix(): string {
  return [...randomBytes(6)].map((byte) => SUFFIX[byte % SUFFIX.length]).join('');
}

/** Adds a version; with AWSCURRENT the one before becomes AWSPREVIOUS. The same id with another value is refused. */
export function withValue(secret: Secret, value: NewValue, stages: readonly string[], now: number): Secret {
  const same = secret.versions.find((version) => version.id === value.id);
  if (same && (same.text !== value.text || same.binary !== value.binary)) {
    throw new AwsError(
      'ResourceExistsException',
      'this version exists with another value: use a new ClientRequestToken',
    );
  }
  if (same) return secret;
  const isCurrent = stages.includes(CURRENT);
  const older = secret.versions.map((version) => demote(version, stages, isCurrent));
  const versions = [
    { ...value, createdAt: now, stages },
    ...older.filter((version) => version.stages.length > 0),
  ];
  return { ...secret, versions, changedAt: now };
}

function demote(version: Version, taken: readonly string[], newCurrent: boolean): Version {
  const wasCurrent = version.stages.includes(CURRENT);
  const kept = version.stages.filter(
    (stage) => !taken.includes(stage) && !(newCurrent && stage === PREVIOUS),
  );
  return { ...version, stages: newCurrent && wasCurrent ? [...kept, PREVIOUS] : kept };
}

/** The version asked for; AWSCURRENT when nothing is. */
export function versionOf(
  secret: Secret,
  wanted: { id?: string | undefined; stage?: string | undefined },
): Version {
  const stage = wanted.stage ?? (wanted.id === undefined ? CURRENT : undefined);
  const found = secret.versions.find(
    (version) =>
      (wanted.id === undefined || version.id === wanted.id) &&
      (stage === undefined || version.stages.includes(stage)),
  );
  if (found) return found;
  const what = wanted.id === undefined ? `staging label: ${stage}` : `VersionId: ${wanted.id}`;
  throw new AwsError(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret value for ${what}`,
  );
}
