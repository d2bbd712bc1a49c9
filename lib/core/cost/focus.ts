import { decimalDollars } from './decimal-dollars.ts';
import type { UsageRow } from './usage.ts';

/**
 * Columns of the FinOps Open Cost and Usage Specification (FOCUS) 1.2 that we can fill, in the order we write them: one row for the tokens
 * of an app and model on a day. Source: the column library of the specification, focus.finops.org.
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
  'SkuId',
  'ResourceId',
  'ResourceName',
  'SubAccountId',
  'SubAccountName',
  'Tags',
  'x_Calls',
  'x_BlockedCalls',
  'x_UnpricedCalls',
  'x_InputTokens',
  'x_OutputTokens',
] as const;
export type FocusRow = Readonly<Record<(typeof FOCUS_COLUMNS)[number], string>>;

/** Usage rows as FOCUS rows. Amounts are exact decimals; an empty cell is the specification's null. */
export function focusRows(rows: readonly UsageRow[], environment: string): FocusRow[] {
  return rows.map((row) => focusRow(row, environment));
}

function focusRow(row: UsageRow, environment: string): FocusRow {
  const cost = decimalDollars(row.costMicros);
  const tokens = String(row.input + row.output);
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
    ChargeDescription: `Calls of ${row.appId} to ${row.model}`,
    ChargeFrequency: 'Usage-Based',
    ConsumedQuantity: tokens,
    ConsumedUnit: 'Tokens',
    PricingQuantity: tokens,
    PricingUnit: 'Tokens',
    PricingCategory: 'Standard',
    ProviderName: 'Keeptrusts',
    PublisherName: 'Keeptrusts',
    InvoiceIssuerName: 'Keeptrusts',
    ServiceCategory: 'AI and Machine Learning',
    ServiceName: 'Model calls',
    SkuId: row.model,
    ResourceId: row.model,
    ResourceName: row.model,
    SubAccountId: row.appId,
    SubAccountName: row.appId,
    Tags: JSON.stringify({ app: row.appId, env: environment }),
    x_Calls: String(row.calls),
    x_BlockedCalls: String(row.blocked),
    x_UnpricedCalls: String(row.unpriced),
    x_InputTokens: String(row.input),
    x_OutputTokens: String(row.output),
  };
}

function midnight(day: string): string {
  return `${day}T00:00:00Z`;
}

/** `2026-12-31` → `2027-01`. */
function monthAfter(day: string): string {
  const [year = 0, month = 0] = day.split('-').map(Number);
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`;
}

function dayAfter(day: string): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  if (date >= daysIn(year, month)) return `${monthAfter(day)}-01`;
  return `${day.slice(0, 8)}${String(date + 1).padStart(2, '0')}`;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
