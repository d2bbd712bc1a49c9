import * as z from 'zod';
import { LedgerEvent } from '#core/ledger/event.ts';
import { Receipts } from '#core/ledger/report.ts';
import {
  AppView,
  BudgetStateView,
  ConfigView,
  KeyView,
  MeView,
  NewKeyView,
  OverviewView,
  PackView,
  ReviewDetail,
  ReviewSummary,
  SpendLinesView,
  SpendView,
  TryView,
} from '../views.ts';

const as_of = z.string();
const complete = z.boolean();

/** Name → schema of an answer, or of a part that several answers have. */
export const ANSWERS = {
  App: AppView,
  Apps: z.object({ apps: z.array(AppView) }),
  Budgets: z.object({ budgets: z.array(BudgetStateView), complete, as_of }),
  Config: ConfigView,
  Event: LedgerEvent,
  Events: z.object({ events: z.array(LedgerEvent), next: z.string().exactOptional(), complete, as_of }),
  EventsOfRequest: z.object({ request_id: z.string(), events: z.array(LedgerEvent), as_of }),
  Failure: z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
  Health: z.object({ status: z.literal('ok'), environment: z.string(), version: z.string(), as_of }),
  Key: KeyView,
  Keys: z.object({ keys: z.array(KeyView) }),
  Me: MeView,
  NewKey: NewKeyView,
  Overview: OverviewView,
  Pack: PackView,
  Receipts,
  Review: ReviewDetail,
  ReviewSummary,
  Reviews: z.object({ reviews: z.array(ReviewSummary), complete, as_of }),
  Spend: z.union([SpendView, SpendLinesView]),
  Try: TryView,
} satisfies Record<string, z.ZodType>;
