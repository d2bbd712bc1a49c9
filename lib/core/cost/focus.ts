import { dayAfter, monthAfter } from '#core/calendar.ts';
import { decimalDollars } from './decimal-dollars.ts';
import { completionTokens, promptTokens, type UsageRow } from './usage.ts';

/**
 * Columns of the FinOps Open Cost and Usage Specification (FOCUS) 1.2 that we can fill, in the order we write them: one row for the
 * calls of an app to a model on a day, and one for those whose price is not known. Source: the column library of the specification,
 * focus.finops.org. Columns of prices are left out, as they may be: a row is made of several token classes with a price each.
 */
export const FOCUS_COLUMNS = [
  'BilledCost',
  'EffectiveCost',
  'ListCost',
  'ContractedCost',
  'BillingCurrency',
  'BillingAccountId',
  'BillingAccountName',
  'BillingPeriodStart',
  'BillingPeriodEnd',
  'ChargePeriodStart',
  'ChargePeriodEnd',
  'ChargeCategory',
  'ChargeClass',
  'ChargeDescription',
  'ChargeFrequency',
  'ConsumedQuantity',
  'ConsumedUnit',
  'PricingQuantity',
  'PricingUnit',
  'PricingCategory',
  'ProviderName',
  'PublisherName',
  'InvoiceIssuerName',
  'ServiceCategory',
  'ServiceName',
  'ServiceSubcategory',
  'SkuId',
  'ResourceId',
  'ResourceName',
  'SubAccountId',
  'SubAccountName',
  'Tags',
  'x_CostStatus',
  'x_Calls',
  'x_BlockedCalls',
  'x_UnpricedCalls',
  'x_InputTokens',
  'x_CachedInputTokens',
  'x_CacheWriteTokens',
  'x_CacheWriteOneHourTokens',
  'x_AudioInputTokens',
  'x_OutputTokens',
  'x_ReasoningTokens',
  'x_AudioOutputTokens',
  'x_AudioSeconds',
  'x_SpokenCharacters',
  'x_JudgeInputTokens',
  'x_JudgeOutputTokens',
] as const;
export type FocusRow = Readonly<Record<(typeof FOCUS_COLUMNS)[number], string>>;

/** Usage rows as FOCUS rows. Amounts are exact decimals; an empty cell is the specification's null. */
export function focusRows(rows: readonly UsageRow[], environment: string): FocusRow[] {
  return rows.map((row) => focusRow(row, environment));
}

function focusRow(row: UsageRow, environment: string): FocusRow {
  const cost = decimalDollars(row.costMicros);
  const status = costStatus(row);
  const consumed = consumption(row);
  // Null is not allowed where a model is named, and a call may have named none.
  const model = row.model || '(none)';
  return {
    BilledCost: cost,
    EffectiveCost: cost,
    ListCost: cost,
    ContractedCost: cost,
    BillingCurrency: 'USD',
    BillingAccountId: environment,
    BillingAccountName: `Keeptrusts ${environment}`,
    BillingPeriodStart: midnight(`${row.day.slice(0, 7)}-01`),
    BillingPeriodEnd: midnight(`${monthAfter(row.day)}-01`),
    ChargePeriodStart: midnight(row.day),
    ChargePeriodEnd: midnight(dayAfter(row.day)),
    ChargeCategory: 'Usage',
    ChargeClass: '',
    ChargeDescription: `Calls of ${row.appId} to ${model}${NOTE[status]}`,
    ChargeFrequency: 'Usage-Based',
    ConsumedQuantity: consumed.quantity,
    ConsumedUnit: consumed.unit,
    PricingQuantity: consumed.quantity,
    PricingUnit: consumed.unit,
    PricingCategory: status === 'Unknown' ? 'Other' : 'Standard',
    ProviderName: 'Keeptrusts',
    PublisherName: 'Keeptrusts',
    InvoiceIssuerName: 'Keeptrusts',
    ServiceCategory: 'AI and Machine Learning',
    ServiceName: 'Model calls',
    ServiceSubcategory: 'Generative AI',
    SkuId: model,
    ResourceId: model,
    ResourceName: model,
    SubAccountId: row.appId,
    SubAccountName: row.appId,
    Tags: JSON.stringify({ app: row.appId, env: environment }),
    x_CostStatus: status,
    x_Calls: String(row.calls),
    x_BlockedCalls: String(row.blocked),
    x_UnpricedCalls: String(row.unpriced),
    ...quantityColumns(row),
  };
}

/** No cost column may be null, so a row of unknown cost shows 0 there; this says that it is not one. */
type CostStatus = 'Known' | 'Unknown' | 'Partial';

const NOTE: Readonly<Record<CostStatus, string>> = {
  Known: '',
  Unknown: ' (price unknown: the cost of this row is not 0 but missing)',
  Partial: ' (price of some calls unknown: their cost is missing in this row)',
};

/** Rows that were counted before calls of unknown cost had rows of their own are of both. */
function costStatus({ calls, unpriced }: UsageRow): CostStatus {
  if (unpriced === 0) return 'Known';
  return unpriced < calls ? 'Partial' : 'Unknown';
}

/** All tokens, those of judges too: the cost covers them. Audio that no provider counts in tokens has a unit of its own. */
function consumption({ quantities }: UsageRow): { quantity: string; unit: string } {
  const { seconds, characters, judge_input, judge_output } = quantities;
  const tokens = promptTokens(quantities) + completionTokens(quantities) + judge_input + judge_output;
  if (tokens === 0 && seconds > 0) return { quantity: String(seconds), unit: 'Seconds' };
  if (tokens === 0 && characters > 0) return { quantity: String(characters), unit: 'Characters' };
  return { quantity: String(tokens), unit: 'Tokens' };
}

function quantityColumns({ quantities }: UsageRow) {
  return {
    x_InputTokens: String(quantities.input),
    x_CachedInputTokens: String(quantities.cached_input),
    x_CacheWriteTokens: String(quantities.cache_write),
    x_CacheWriteOneHourTokens: String(quantities.cache_write_1h),
    x_AudioInputTokens: String(quantities.audio_input),
    x_OutputTokens: String(quantities.output),
    x_ReasoningTokens: String(quantities.reasoning),
    x_AudioOutputTokens: String(quantities.audio),
    x_AudioSeconds: String(quantities.seconds),
    x_SpokenCharacters: String(quantities.characters),
    x_JudgeInputTokens: String(quantities.judge_input),
    x_JudgeOutputTokens: String(quantities.judge_output),
  };
}

function midnight(day: string): string {
  return `${day}T00:00:00Z`;
}
