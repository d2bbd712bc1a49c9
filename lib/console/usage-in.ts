import type { UsageRow } from '#core/cost/usage.ts';
import type { UsageReader } from '#core/ports.ts';

/** Daily rows of some apps, or of all (undefined), oldest day first. */
export async function usageIn(
  { usage }: UsageReader,
  from: string,
  to: string,
  apps: readonly string[] | undefined,
): Promise<UsageRow[]> {
  if (!apps) return usage(from, to);
  const rows = await Promise.all(apps.map((app) => usage(from, to, app)));
  return rows.flat().sort((a, b) => (a.day < b.day ? -1 : Number(a.day > b.day)));
}
