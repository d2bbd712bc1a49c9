import { GatewayError } from '#core/errors.ts';

export interface AdmissionOptions {
  /** Calls that are served at the same time. */
  readonly limit: number;
  /** Calls that may wait for their turn. */
  readonly waiting: number;
  /** How long one may wait, in milliseconds. */
  readonly waitMs: number;
}

/** Lets so many calls in at a time; the others wait in a line of bounded length, first come first served. */
export interface Admission {
  readonly running: number;
  readonly waiting: number;
  /** Resolves with the way out when it is this call's turn. Throws `overloaded`, or the signal's reason when the client left. */
  enter(signal: AbortSignal): Promise<() => void>;
}

interface Waiter {
  readonly admit: () => void;
}

export function createAdmission({ limit, waiting, waitMs }: AdmissionOptions): Admission {
  const line = new Set<Waiter>();
  let running = 0;

  function leave(): void {
    running -= 1;
    const [next] = line;
    next?.admit();
  }
  function admitted(): () => void {
    running += 1;
    let left = false;
    return () => {
      if (!left) leave();
      left = true;
    };
  }
  function inLine(signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const stop = (why: unknown) => {
        done();
        reject(why);
      };
      const gone = () => stop(signal.reason);
      const timer = setTimeout(() => stop(overloaded(waitMs)), waitMs);
      const waiter: Waiter = {
        admit: () => {
          done();
          resolve(admitted());
        },
      };
      const done = () => {
        line.delete(waiter);
        clearTimeout(timer);
        signal.removeEventListener('abort', gone);
      };
      signal.addEventListener('abort', gone);
      line.add(waiter);
    });
  }

  return {
    get running() {
      return running;
    },
    get waiting() {
      return line.size;
    },
    async enter(signal) {
      signal.throwIfAborted();
      if (running < limit && line.size === 0) return admitted();
      if (line.size >= waiting) throw overloaded(waitMs);
      return inLine(signal);
    },
  };
}

function overloaded(waitMs: number): GatewayError {
  return new GatewayError('overloaded', 'The gateway is serving as many calls as it can. Try again soon.', {
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
  });
}
