import type { App } from '#core/ports.ts';

/** An app as an environment file declares it. */
interface DeclaredApp {
  readonly id: string;
  readonly name: string;
  readonly owner?: string | undefined;
  readonly cost_center: string;
  readonly models?: readonly string[] | undefined;
  readonly on_block?: App['onBlock'] | undefined;
  readonly dify_app_ids?: readonly string[] | undefined;
  readonly budget?: App['budget'] | undefined;
  readonly limits?: App['limits'] | undefined;
}

/** The apps of the deployment and those added later, by id; what was stored later wins, field by field. */
export async function knownApps(
  declared: readonly DeclaredApp[],
  stored: () => Promise<readonly App[]>,
): Promise<App[]> {
  const apps = new Map(declared.map((app) => [app.id, appOf(app)]));
  for (const app of await stored()) apps.set(app.id, { ...apps.get(app.id), ...app });
  return [...apps.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function appOf(declared: DeclaredApp): App {
  const { id, name, owner, cost_center, models, on_block, dify_app_ids, budget, limits } = declared;
  return {
    id,
    name,
    costCenter: cost_center,
    ...(owner !== undefined && { owner }),
    ...(models && { models }),
    ...(on_block && { onBlock: on_block }),
    ...(dify_app_ids && { difyAppIds: dify_app_ids }),
    ...(budget && { budget }),
    ...(limits && { limits }),
  };
}
