import type { DataRequirements, Target } from '#core/pack/pack.ts';

/** What a target does not promise of what is required, as the names of the settings; empty = it may be used. */
export function unmet(target: Target, requires: DataRequirements): string[] {
  const { zero_data_retention, training_opt_out, region } = target.data_policy ?? {};
  const missing: string[] = [];
  if (requires.zero_data_retention && !zero_data_retention) missing.push('zero_data_retention');
  if (requires.training_opt_out && !training_opt_out) missing.push('training_opt_out');
  const allowed = requires.region;
  if (allowed && !allowed.some((wanted) => covers(wanted, region)))
    missing.push(`region ${allowed.join(' or ')}`);
  return missing;
}

/** `eu` covers `eu` and `eu-central-1`, not `europe`. */
function covers(wanted: string, region: string | undefined): boolean {
  return region === wanted || (region?.startsWith(`${wanted}-`) ?? false);
}
