import * as z from 'zod';

/** One limit of one period that a call counts against, e.g. `app/support-bot@2026-11` for a month, `key/key_1@2026-11-28` for a day. */
export const HeldAccount = z.strictObject({
  id: z.string(),
  limit_micros: z.int().nonnegative(),
  warn_at: z.array(z.int()),
  /** The limit warns and stops nothing. */
  soft: z.literal(true).optional(),
});
export type HeldAccount = z.infer<typeof HeldAccount>;

/** What was set aside for a call before its provider was called, and where its cost is counted. On the intent and on the event. */
export const Hold = z.strictObject({
  /** 0 = nothing was set aside: the price is zero or unknown, or a limit was reached. */
  reserved_micros: z.int().nonnegative(),
  accounts: z.array(HeldAccount),
  /** Accounts that had no room for the model that was asked for. */
  full: z.array(z.string()).optional(),
  /** The model that was taken instead. */
  downgraded_to: z.string().optional(),
});
export type Hold = z.infer<typeof Hold>;

/** What stands on an open call about its hold; equal texts are the same hold. */
export function heldText({ reserved_micros, accounts }: Hold): string | undefined {
  return reserved_micros > 0 ? JSON.stringify([reserved_micros, ...accounts.map(({ id }) => id)]) : undefined;
}

const HeldText = z.tuple([z.int()], z.string());

/** What one ended call does to an account: both are added, integers, `used` may be negative. */
export interface Charge {
  readonly id: string;
  readonly used: number;
  readonly spent: number;
}

/**
 * Gives back what was held (`held` as it stands on the open call, undefined = nothing) and counts what the call cost. `counted` is
 * what the same call has been charged before.
 */
export function chargesOf(
  hold: Hold | undefined,
  held: string | undefined,
  micros: number,
  counted = 0,
): Charge[] {
  const [reserved, ...ids] = held === undefined ? [0] : HeldText.parse(JSON.parse(held));
  const pays = new Set(hold?.accounts.map(({ id }) => id) ?? ids);
  return [...new Set([...pays, ...ids])]
    .map((id) => {
      const spent = pays.has(id) ? micros - counted : 0;
      return { id, spent, used: spent - (ids.includes(id) ? reserved : 0) };
    })
    .filter(({ used, spent }) => used !== 0 || spent !== 0);
}

/** One charge per account. */
export function perAccount(charges: readonly Charge[]): Charge[] {
  const sums = new Map<string, Charge>();
  for (const { id, used, spent } of charges) {
    const sum = sums.get(id);
    sums.set(id, { id, used: used + (sum?.used ?? 0), spent: spent + (sum?.spent ?? 0) });
  }
  return [...sums.values()];
}
