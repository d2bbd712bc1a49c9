import { randomBytes } from 'node:crypto';
import type { Json } from '#core/json.ts';
import { AwsError } from '../aws-error.ts';
import type { DurableMap } from '../durable-map.ts';
import { pause } from './pause.ts';
import { StateError } from './state-error.ts';

export type Outcome = { readonly output: Json } | { readonly error: string; readonly cause: string };

/** A callback token as stored; it is kept after its task ended, to tell a late call from an unknown token. */
export interface StoredToken {
  readonly executionArn: string;
  /** Epoch milliseconds; undefined = no end. */
  readonly deadline?: number;
  readonly heartbeatMs?: number;
  readonly beatAt: number;
  /** The task's function took the token; after a restart it is not called again. */
  readonly delivered: boolean;
  readonly outcome?: Outcome;
}

/** Callback tokens of `.waitForTaskToken` tasks. */
export class Callbacks {
  readonly #tokens: DurableMap<StoredToken>;
  readonly #listeners = new Map<string, () => void>();

  constructor(tokens: DurableMap<StoredToken>) {
    this.#tokens = tokens;
  }

  async issue(executionArn: string, deadline?: number, heartbeatMs?: number): Promise<string> {
    const token = randomBytes(48).toString('base64');
    await this.#tokens.put([
      [
        token,
        {
          ...{ executionArn, beatAt: Date.now(), delivered: false },
          ...(deadline === undefined ? {} : { deadline }),
          ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
        },
      ],
    ]);
    return token;
  }

  get(token: string): StoredToken | undefined {
    return this.#tokens.get(token);
  }

  async markDelivered(token: string): Promise<void> {
    const stored = this.#tokens.get(token);
    if (stored) await this.#tokens.put([[token, { ...stored, delivered: true }]]);
  }

  /** SendTaskSuccess and SendTaskFailure. The first one wins; it is durable when this resolves. */
  async settle(token: string, outcome: Outcome): Promise<void> {
    await this.#close(token, this.#live(token), outcome);
  }

  /** SendTaskHeartbeat. */
  async beat(token: string): Promise<void> {
    await this.#tokens.put([[token, { ...this.#live(token), beatAt: Date.now() }]]);
  }

  /** Ends a token whose task ended in another way. */
  async revoke(token: string): Promise<void> {
    const stored = this.#tokens.get(token);
    if (stored && !stored.outcome) await this.#close(token, stored, { error: 'States.Aborted', cause: '' });
  }

  async #close(token: string, stored: StoredToken, outcome: Outcome): Promise<void> {
    const written = this.#tokens.put([[token, { ...stored, outcome }]]);
    this.#listeners.get(token)?.();
    await written;
  }

  #live(token: string): StoredToken {
    const stored = this.#tokens.get(token);
    if (!stored) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
    if (!stored.outcome && endOf(stored).at > Date.now()) return stored;
    throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  }

  /** Waits for the callback, the timeout or the missed heartbeat, whichever comes first. */
  async wait(token: string, signal: AbortSignal): Promise<Outcome> {
    for (;;) {
      const stored = this.#tokens.get(token);
      if (!stored) throw new StateError('States.Runtime', 'the callback token is lost');
      if (stored.outcome) return stored.outcome;
      const end = endOf(stored);
      if (Date.now() >= end.at) await this.#close(token, stored, { error: end.error, cause: '' });
      else await pause(end.at, signal, (listener) => this.#listeners.set(token, listener));
      this.#listeners.delete(token);
    }
  }

  /** Forgets the tokens of executions that are forgotten. */
  async forget(gone: (executionArn: string) => boolean): Promise<void> {
    const old = [...this.#tokens.entries()].filter(([, stored]) => gone(stored.executionArn));
    await this.#tokens.put(old.map(([token]) => [token, undefined] as const));
  }
}

function endOf(stored: StoredToken): { at: number; error: string } {
  const deadline = stored.deadline ?? Number.POSITIVE_INFINITY;
  const silence = stored.beatAt + (stored.heartbeatMs ?? Number.POSITIVE_INFINITY);
  return deadline <= silence
    ? { at: deadline, error: 'States.Timeout' }
    : { at: silence, error: 'States.HeartbeatTimeout' };
}
