import type { Target } from './pack.ts';

const APPLICATION_PROFILE = /:application-inference-profile\//;

/**
 * Targets whose calls can go through a profile of each app: on Bedrock, signed with the function's role, in the region of the
 * deployment, and not already a profile that somebody made.
 */
export function profiledTargets(targets: readonly Target[], region: string): Target[] {
  return targets.filter(
    (target) =>
      target.provider === 'bedrock' &&
      !target.secret &&
      target.region === region &&
      !APPLICATION_PROFILE.test(target.provider_model),
  );
}

/** Names the profile of an app for a target, as functions are told. */
export function profileName(app: string, target: string): string {
  return `${app} ${target}`;
}
