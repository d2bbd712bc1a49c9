import { csvText } from '#core/text/csv.ts';
import { decimalDollars } from './decimal-dollars.ts';
import { FOCUS_COLUMNS, focusRows } from './focus.ts';
import {
  type SpendDimension,
  type SpendLine,
  type SpendSums,
  spendReport,
  spendTotal,
} from './spend-report.ts';
import type { UsageRow } from './usage.ts';

export const SPEND_FORMATS = ['json', 'csv', 'focus'] as const;
export type SpendFormat = (typeof SPEND_FORMATS)[number];

export interface SpendFileOptions {
  readonly format: SpendFormat;
  readonly environment: string;
  /** FOCUS has a row per app, model and day, whatever is asked for. */
  readonly by: readonly SpendDimension[];
}

/** A report as text. CSV cells cannot be taken for formulas; dollars are exact decimals. */
export function spendFile(rows: readonly UsageRow[], { format, environment, by }: SpendFileOptions): string {
  if (format === 'json') return JSON.stringify(spendJson(rows, by));
  if (format === 'csv') return csvText([spendHead(by), ...spendReport(rows, by).map(spendCells(by))]);
  const cells = focusRows(rows, environment).map((row) => FOCUS_COLUMNS.map((name) => row[name]));
  return csvText([FOCUS_COLUMNS, ...cells]);
}

function spendJson(rows: readonly UsageRow[], by: readonly SpendDimension[]) {
  return { by, lines: spendReport(rows, by).map(plain), total: plain(spendTotal(rows)) };
}

export function spendHead(by: readonly SpendDimension[]): string[] {
  return [...by, 'calls', 'blocked', 'input', 'output', 'usd', 'unpriced'];
}

/** The cells of a line under that head. */
export function spendCells(by: readonly SpendDimension[]): (line: SpendLine) => string[] {
  return (line) => [
    ...by.map((name) => line[name] ?? ''),
    ...[line.calls, line.blocked, line.input, line.output].map(String),
    decimalDollars(line.costMicros),
    String(line.unpriced),
  ];
}

function plain<T extends SpendSums>({ costMicros, ...rest }: T) {
  return { ...rest, cost_micros: costMicros, usd: decimalDollars(costMicros) };
}
