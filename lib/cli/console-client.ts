import * as z from 'zod';
import { QUANTITIES, type UsageRow } from '#core/cost/usage.ts';
import { LedgerEvent } from '#core/ledger/event.ts';
import type { EventFilter, EventReader } from '#core/ports.ts';
import { ReviewState } from '#core/review/case.ts';
import { CliError, EXIT, systemCode } from './cli-error.ts';

const TIMEOUT_MS = 30_000;

const Page = z.object({
  events: z.array(LedgerEvent),
  next: z.string().exactOptional(),
  complete: z.boolean(),
  as_of: z.string(),
});
const Spend = z.object({
  rows: z.array(
    z.object({
      app_id: z.string(),
      day: z.string(),
      model: z.string(),
      calls: z.int(),
      blocked: z.int(),
      input_tokens: z.int(),
      output_tokens: z.int(),
      cost_micros: z.int(),
      unpriced: z.int(),
      quantities: z.record(z.enum(QUANTITIES), z.int()),
    }),
  ),
});
const ActivePack = z.object({ models: z.array(z.string()) });
const Health = z.object({ environment: z.string() });
type SpendRow = z.infer<typeof Spend>['rows'][number];
const Found = z.object({ events: z.array(LedgerEvent) });
const Failure = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** A held request or answer as the console lists it, without its text. */
export const ReviewSummary = z.object({
  id: z.string(),
  app_id: z.string(),
  model: z.string(),
  state: ReviewState,
  phase: z.enum(['input', 'output']),
  due_at: z.string(),
  rules: z.array(z.string()),
  answer_chars: z.int(),
  approvals_needed: z.int(),
  approvals: z.array(
    z.object({
      state: z.enum(['approved', 'edited']),
      by: z.string(),
      at: z.string(),
      reason: z.string(),
    }),
  ),
});
export type ReviewSummary = z.infer<typeof ReviewSummary>;

export const ReviewDetail = ReviewSummary.extend({
  answer: z.string(),
  text_sha256: z.string(),
  proposed_text: z.string().exactOptional(),
});
export type ReviewDetail = z.infer<typeof ReviewDetail>;

export interface ConsoleAddress {
  /** `https://…`, without `/api`. */
  readonly url: string;
  /** `ktc_…`. */
  readonly token: string;
}

export interface DecisionWish {
  readonly state: 'approved' | 'edited' | 'rejected';
  readonly reason: string;
  readonly text?: string;
  readonly text_sha256?: string;
}

/** The console API, as commands need it. */
export interface ConsoleClient extends EventReader {
  reviews(state: ReviewState, limit: number): Promise<ReviewSummary[]>;
  review(id: string): Promise<ReviewDetail>;
  decide(id: string, wish: DecisionWish): Promise<ReviewSummary>;
  claim(id: string, act: 'claim' | 'unclaim'): Promise<ReviewSummary>;
  /** Models and aliases of the active pack. */
  models(): Promise<readonly string[]>;
  /** Daily rows of the period, and the environment they are of. */
  spend(period: {
    from: string;
    to: string;
    app?: string;
  }): Promise<{ environment: string; rows: UsageRow[] }>;
}

/** Every failure becomes a CliError that says what to do: 3 when the console cannot be reached, else 1. */
export function consoleClient(address: ConsoleAddress): ConsoleClient {
  const get = <T>(path: string, schema: z.ZodType<T>) => call(address, path, schema, { method: 'GET' });
  return {
    list: (filter) => get(`/api/events?${eventQuery(filter)}`, Page),
    async find(requestId) {
      const path = `/api/events/${encodeURIComponent(requestId)}`;
      return (await call(address, path, Found, { method: 'GET' }, { events: [] })).events;
    },
    async reviews(state, limit) {
      const query = new URLSearchParams({ state, limit: String(limit) });
      return (await get(`/api/reviews?${query}`, z.object({ reviews: z.array(ReviewSummary) }))).reviews;
    },
    async spend(period) {
      const [{ environment }, { rows }] = await Promise.all([
        get('/api/health', Health),
        get(`/api/spend?${new URLSearchParams(period)}`, Spend),
      ]);
      return { environment, rows: rows.map(usageRow) };
    },
    models: async () => (await get('/api/policies', ActivePack)).models,
    review: (id) => get(`/api/reviews/${encodeURIComponent(id)}`, ReviewDetail),
    decide: (id, wish) =>
      call(address, `/api/reviews/${encodeURIComponent(id)}/decide`, ReviewSummary, {
        method: 'POST',
        body: JSON.stringify(wish),
      }),
    claim: (id, act) =>
      call(address, `/api/reviews/${encodeURIComponent(id)}/${act}`, ReviewSummary, { method: 'POST' }),
  };
}

function usageRow({ app_id, input_tokens, output_tokens, cost_micros, ...same }: SpendRow): UsageRow {
  return { ...same, appId: app_id, input: input_tokens, output: output_tokens, costMicros: cost_micros };
}

function eventQuery({ appId, requestId, subject, keyId, limit, ...same }: EventFilter): string {
  const renamed = { app: appId, request_id: requestId, end_user: subject, key: keyId };
  const named = { ...renamed, limit: limit?.toString(), ...same };
  const given = Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(given).toString();
}

async function call<T>(
  { url, token }: ConsoleAddress,
  path: string,
  schema: z.ZodType<T>,
  init: RequestInit,
  whenMissing?: T,
): Promise<T> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const target = url.replace(/\/+$/, '') + path;
  const response = await fetch(target, { ...init, headers, signal, redirect: 'error' }).catch(
    (cause: unknown) => {
      throw unreachable(url, cause);
    },
  );
  if (response.status === 404 && whenMissing !== undefined) return whenMissing;
  return read(response, url, schema);
}

async function read<T>(response: Response, url: string, schema: z.ZodType<T>): Promise<T> {
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw refusal(response.status, url, body);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new CliError(`${url} does not answer like a Keeptrusts console of this version.`, {
    exitCode: EXIT.check,
  });
}

function refusal(status: number, url: string, body: unknown): CliError {
  const failure = Failure.safeParse(body);
  const message = failure.success ? failure.data.error.message : 'without saying why';
  return new CliError(`${url} refused (${status}): ${message}`, {
    exitCode: status >= 500 ? EXIT.unreachable : EXIT.input,
  });
}

function unreachable(url: string, cause: unknown): CliError {
  const why = systemCode(cause) ?? (cause instanceof Error ? cause.name : 'unknown error');
  return new CliError(`Cannot reach the console at ${url} (${why}). Is it running? Try: npm start`, {
    exitCode: EXIT.unreachable,
    cause,
  });
}
