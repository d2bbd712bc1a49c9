import { AwsError } from '../aws-error.ts';
import type { DurableMap } from '../durable-map.ts';
import { arnSuffix, type Secret } from './secret.ts';

/** All secrets, by name; found by name, ARN, or ARN without its suffix. */
export class Vault {
  readonly #secrets: DurableMap<Secret>;
  readonly #arnPrefix: string;

  constructor(secrets: DurableMap<Secret>, arnPrefix: string) {
    this.#secrets = secrets;
    this.#arnPrefix = arnPrefix;
  }

  all(): Secret[] {
    return [...this.#secrets.entries()].map(([, secret]) => secret);
  }

  newArn(name: string): string {
    return `${this.#arnPrefix}${name}-${arnSuffix()}`;
  }

  byName(name: string): Secret | undefined {
    return this.#secrets.get(name);
  }

  /** Throws when there is none. */
  find(id: string): Secret {
    const found =
      this.#secrets.get(id) ??
      this.all().find((secret) => secret.arn === id || secret.arn.slice(0, -'-XXXXXX'.length) === id);
    if (found) return found;
    throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret: ${id}`);
  }

  /** Throws when there is none or it waits for its deletion. */
  findLive(id: string): Secret {
    const secret = this.find(id);
    if (secret.deletedAt === undefined) return secret;
    throw new AwsError(
      'InvalidRequestException',
      `the secret ${secret.name} is marked for deletion: use RestoreSecret first`,
    );
  }

  async save(secret: Secret): Promise<Secret> {
    await this.#secrets.put([[secret.name, secret]]);
    return secret;
  }

  async forget(name: string): Promise<void> {
    await this.#secrets.put([[name, undefined]]);
  }
}
