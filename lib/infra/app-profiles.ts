import { Stack } from 'aws-cdk-lib';
import { CfnApplicationInferenceProfile } from 'aws-cdk-lib/aws-bedrock';
import { Construct } from 'constructs';
import { profiledTargets, profileName } from '#core/pack/inference-profiles.ts';
import type { Target } from '#core/pack/pack.ts';
import type { DeployedApp } from '#env/deployment.ts';
import { grantThroughProfiles, sourceArn } from './bedrock-access.ts';
import type { HouseFunction } from './house-function.ts';
import { tagApp } from './house-tags.ts';

interface AppProfilesProps {
  readonly environment: string;
  readonly region: string;
  readonly apps: readonly DeployedApp[];
  readonly targets: readonly Target[];
}

interface AppProfile {
  readonly app: string;
  readonly target: Target;
  readonly profile: CfnApplicationInferenceProfile;
}

/**
 * One application inference profile for each app and Bedrock model: the same model at the same price, on the app's own line of
 * the AWS bill, since the profile carries the app's tags.
 */
export class AppProfiles extends Construct {
  private readonly profiles: readonly AppProfile[];

  constructor(scope: Construct, id: string, { environment, region, apps, targets }: AppProfilesProps) {
    super(scope, id);
    this.profiles = profiledTargets(targets, region).flatMap((target, index) =>
      apps.map((app) => {
        const profile = new CfnApplicationInferenceProfile(this, `${app.id}-${index}`, {
          inferenceProfileName: `kt-${environment}-${app.id}-${index}`,
          description: `Calls of the app ${app.id} through Keeptrusts`,
          modelSource: { copyFrom: sourceArn(this, target) },
        });
        tagApp(profile, app);
        return { app: app.id, target, profile };
      }),
    );
  }

  /** What a gateway is told: `<app> <target id>` → profile id, of one app or of all. Undefined when there is none. */
  variables(scope: Construct, only?: string) {
    const own = this.of(only);
    if (own.length === 0) return {};
    const ids = own.map(({ app, target, profile }) => [
      profileName(app, target.id),
      profile.attrInferenceProfileId,
    ]);
    return {
      INFERENCE_PROFILES: Stack.of(scope).toJsonString(Object.fromEntries(ids)),
      INFERENCE_PROFILE_PREFIX: Stack.of(scope).formatArn({
        service: 'bedrock',
        resource: 'application-inference-profile',
        resourceName: '',
      }),
    };
  }

  /** Lets a gateway call through these profiles, and through nothing else of them. */
  grantUse(fn: HouseFunction<'gateway'>, only?: string): void {
    const byTarget = Map.groupBy(this.of(only), ({ target }) => target.id);
    for (const own of byTarget.values()) {
      const [first] = own;
      const arns = own.map(({ profile }) => profile.attrInferenceProfileArn);
      if (first) grantThroughProfiles(fn, first.target, arns);
    }
  }

  private of(only: string | undefined): readonly AppProfile[] {
    return only === undefined ? this.profiles : this.profiles.filter(({ app }) => app === only);
  }
}
