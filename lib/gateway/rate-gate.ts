import type { Limits } from '#core/budget/budget.ts';
import { GatewayError } from '#core/errors.ts';
import type { RateStore, Share } from '#core/limits/rate-store.ts';
import type { Exchange } from './exchange.ts';

/** A process leases up to this part of a minute's limit at once: the more it serves, the larger its share. */
const LARGEST_PART = 20;
const MINUTE_MS = 60_000;
/** A place is free again so long after the call's deadline, should its process die. */
const GRACE_MS = 5_000;

/** What a process has of the current minute and not used yet. */
interface Slice {
  readonly minute: number;
  requests: number;
  tokens: number;
  /** Requests it asks for next. */
  next: number;
  left: Share;
}

export interface RateGate {
  /** Counts a call against the limits of its app and key. Throws `rate_limited`; notes on the exchange what its headers say. */
  enter(exchange: Exchange, tokens: number, deadline: number): Promise<void>;
}

/** Limits with few writes: a process takes shares of a minute and counts them down by itself. */
export function createRateGate(store: RateStore, now: () => number): RateGate {
  const slices = new Map<string, Slice>();
  const waiting = new Map<string, Promise<unknown>>();

  /** One at a time per owner: two calls must not lease for the same need. */
  function inTurn<T>(owner: string, work: () => Promise<T>): Promise<T> {
    const turn = (waiting.get(owner) ?? Promise.resolve()).then(work, work);
    waiting.set(owner, turn);
    return turn.finally(() => {
      if (waiting.get(owner) === turn) waiting.delete(owner);
    });
  }

  /** Takes what a call needs, from what is there or from a new share. */
  async function take(owner: string, need: Share, limits: Limits): Promise<Slice | undefined> {
    const minute = Math.floor(now() / MINUTE_MS);
    const known = slices.get(owner);
    const slice = known?.minute === minute ? known : { minute, requests: 0, tokens: 0, next: 1, left: need };
    slices.set(owner, slice);
    if (slice.requests >= need.requests && slice.tokens >= need.tokens) return spend(slice, need);
    const { requestsPerMinute = 1, tokensPerMinute = 1 } = limits;
    const part = Math.min(slice.next, Math.ceil(requestsPerMinute / LARGEST_PART));
    const wish = {
      requests: Math.max(need.requests, need.requests * part),
      tokens: Math.max(need.tokens, Math.min(need.tokens * part, Math.ceil(tokensPerMinute / LARGEST_PART))),
    };
    const got = await store.lease(owner, minute, need, wish, limits);
    if (!got) return undefined;
    slice.requests += got.share.requests;
    slice.tokens += got.share.tokens;
    slice.next *= 2;
    slice.left = got.left;
    return spend(slice, need);
  }

  async function count(owner: string, tokens: number, limits: Limits, exchange: Exchange): Promise<void> {
    const { requestsPerMinute, tokensPerMinute } = limits;
    if (requestsPerMinute === undefined && tokensPerMinute === undefined) return;
    const need = {
      requests: requestsPerMinute === undefined ? 0 : 1,
      tokens: tokensPerMinute === undefined ? 0 : Math.min(tokens, tokensPerMinute),
    };
    const slice = await inTurn(owner, () => take(owner, need, limits)).catch(unavailable);
    const seconds = Math.ceil((MINUTE_MS - (now() % MINUTE_MS)) / 1000);
    const remaining = slice
      ? { requests: slice.left.requests + slice.requests, tokens: slice.left.tokens + slice.tokens }
      : { requests: 0, tokens: 0 };
    exchange.rate = { ...exchange.rate, ...headersOf(limits, remaining, seconds) };
    if (!slice) throw limited(owner, 'requests or tokens per minute', seconds);
  }

  return {
    async enter(exchange, tokens, deadline) {
      const { app, keyId, limits } = exchange.caller;
      const owners = [
        [`key/${keyId}`, limits],
        [`app/${app.id}`, app.limits],
      ] as const;
      for (const [owner, own] of owners) {
        if (!own) continue;
        await count(owner, tokens, own, exchange);
        if (own.concurrent === undefined) continue;
        const { requestId } = exchange;
        const until = deadline + GRACE_MS;
        const taken = store.takePlace(owner, requestId, until, own.concurrent, now());
        if (!(await taken.catch(unavailable))) throw limited(owner, 'calls at the same time', 1);
        exchange.leave.push(() => store.leavePlace(owner, requestId));
      }
    },
  };
}

function spend(slice: Slice, need: Share): Slice {
  slice.requests -= need.requests;
  slice.tokens -= need.tokens;
  return slice;
}

function unavailable(cause: unknown): never {
  throw new GatewayError(
    'config_unavailable',
    'Rate limits cannot be checked right now. Try again in a moment.',
    {
      cause,
    },
  );
}

function headersOf(limits: Limits, remaining: Share, seconds: number): Record<string, string> {
  const { requestsPerMinute, tokensPerMinute } = limits;
  const of = (name: string, limit: number, left: number) => ({
    [`x-ratelimit-limit-${name}`]: String(limit),
    [`x-ratelimit-remaining-${name}`]: String(Math.max(0, Math.min(limit, left))),
    [`x-ratelimit-reset-${name}`]: `${seconds}s`,
  });
  return {
    ...(requestsPerMinute === undefined ? {} : of('requests', requestsPerMinute, remaining.requests)),
    ...(tokensPerMinute === undefined ? {} : of('tokens', tokensPerMinute, remaining.tokens)),
  };
}

function limited(owner: string, what: string, seconds: number): GatewayError {
  const whose = owner.startsWith('key/') ? 'API key' : 'app';
  return new GatewayError(
    'rate_limited',
    `This ${whose} makes too many ${what}. Try again in ${seconds} s.`,
    {
      retryAfterSeconds: seconds,
    },
  );
}
