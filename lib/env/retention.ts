/** How long ledger records are kept: the days a preset gives, and the fewest it allows. */
export interface RetentionRule {
  readonly days: number;
  readonly floor: number;
}

/**
 * EU AI Act, articles 19(1) and 26(6): logs are kept for at least six months. HIPAA, 45 CFR 164.316(b)(2): six years. SOC 2
 * names no number; auditors look at a period of up to twelve months.
 */
export const RETENTION = {
  minimal: { days: 30, floor: 1 },
  default: { days: 365, floor: 30 },
  'eu-ai-act': { days: 365, floor: 183 },
  soc2: { days: 400, floor: 365 },
  hipaa: { days: 2192, floor: 2192 },
} as const satisfies Record<string, RetentionRule>;

export type RetentionPreset = keyof typeof RETENTION;

export const RETENTION_PRESETS = Object.keys(RETENTION) as [RetentionPreset, ...RetentionPreset[]];
