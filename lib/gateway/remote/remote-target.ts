import type { Target } from '#core/pack/pack.ts';
import { RemoteFailure } from '#core/policy/remote-failure.ts';
import { unmet } from '#core/routing/data-policy.ts';
import type { Exchange } from '../exchange.ts';

/** The target a policy names, when it promises what the calling app requires of its data. Those of the pack were checked by lint. */
export function remoteTarget(id: string | undefined, { deployment, caller }: Exchange): Target {
  const target = deployment.pack.targets.find((each) => each.id === id);
  if (!target) throw new RemoteFailure('has no target', { refused: true });
  const requires = deployment.apps.find((app) => app.id === caller.app.id)?.requires ?? {};
  const missing = unmet(target, requires);
  if (missing.length === 0) return target;
  throw new RemoteFailure(`does not promise what the app requires (${missing.join(', ')})`, {
    refused: true,
  });
}
