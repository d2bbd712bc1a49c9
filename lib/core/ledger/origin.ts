/** Where an event comes from: the same for every event of one function. */
export interface Origin {
  readonly environment: string;
  readonly version: string;
  /** `<name>@<version>`. */
  readonly pack: string;
  readonly packHash: string;
  /** Cost-allocation tags of an app. */
  costTags(appId: string): Record<string, string>;
}

/** The part of a deployment that events name. */
interface Deployed {
  readonly environment: string;
  readonly version: string;
  readonly pack: { readonly name: string; readonly version: string; readonly hash: string };
  readonly apps: readonly { readonly id: string; readonly cost_center: string }[];
  readonly costTags: Readonly<Record<string, string>>;
}

export function originOf({ environment, version, pack, apps, costTags }: Deployed): Origin {
  return {
    environment,
    version,
    pack: `${pack.name}@${pack.version}`,
    packHash: pack.hash,
    costTags: (appId) => {
      const center = apps.find(({ id }) => id === appId)?.cost_center;
      return { ...costTags, app: appId, env: environment, ...(center && { 'cost-center': center }) };
    },
  };
}
