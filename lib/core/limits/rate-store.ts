import type { Limits } from '#core/budget/budget.ts';

/** Requests and tokens of one minute. */
export interface Share {
  readonly requests: number;
  readonly tokens: number;
}

/** What is shared between all processes that serve an app or a key. */
export interface RateStore {
  /**
   * Takes a share of a minute (minutes since the epoch): `wish` if there is so much, else what is left, at least `need`; undefined when
   * there is less. `left` is what nobody has taken yet.
   */
  lease(
    owner: string,
    minute: number,
    need: Share,
    wish: Share,
    limits: Limits,
  ): Promise<{ readonly share: Share; readonly left: Share } | undefined>;
  /** One of `most` places, until `until` (epoch milliseconds) at the latest; false when all are taken. */
  takePlace(owner: string, call: string, until: number, most: number, now: number): Promise<boolean>;
  leavePlace(owner: string, call: string): Promise<void>;
}

/** How much of a wish there is. Limits that do not exist are no limits. */
export function granted(used: Share, need: Share, wish: Share, limits: Limits): Share | undefined {
  const left = leftOf(used, limits);
  const share = {
    requests: Math.min(wish.requests, left.requests),
    tokens: Math.min(wish.tokens, left.tokens),
  };
  return share.requests < need.requests || share.tokens < need.tokens ? undefined : share;
}

export function leftOf(used: Share, { requestsPerMinute, tokensPerMinute }: Limits): Share {
  return {
    requests: Math.max(0, (requestsPerMinute ?? Number.MAX_SAFE_INTEGER) - used.requests),
    tokens: Math.max(0, (tokensPerMinute ?? Number.MAX_SAFE_INTEGER) - used.tokens),
  };
}

/** The store of one process. */
export function memoryRateStore(): RateStore {
  const minutes = new Map<string, { minute: number; used: Share }>();
  const places = new Map<string, Map<string, number>>();
  return {
    async lease(owner, minute, need, wish, limits) {
      const found = minutes.get(owner);
      const used = found?.minute === minute ? found.used : { requests: 0, tokens: 0 };
      const share = granted(used, need, wish, limits);
      if (!share) return undefined;
      const after = { requests: used.requests + share.requests, tokens: used.tokens + share.tokens };
      minutes.set(owner, { minute, used: after });
      return { share, left: leftOf(after, limits) };
    },
    async takePlace(owner, call, until, most, now) {
      const taken = places.get(owner) ?? new Map<string, number>();
      places.set(owner, taken);
      for (const [other, end] of taken) if (end <= now) taken.delete(other);
      if (taken.size >= most) return false;
      taken.set(call, until);
      return true;
    },
    async leavePlace(owner, call) {
      places.get(owner)?.delete(call);
    },
  };
}
