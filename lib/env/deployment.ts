import * as z from 'zod';
import type { PriceTable } from '#core/cost/price.ts';
import { DataRequirements } from '#core/pack/data-policy-schema.ts';
import type { Pack } from '#core/pack/pack.ts';
import { BudgetSettings, LimitSettings } from './app-money.ts';

/**
 * What `cdk synth` compiles an environment into and every function finds as `deployment.json` in its bundle
 * (`DEPLOYMENT_FILE` names another place). Plain data: no secrets, no ARNs (those are environment variables).
 */
export interface Deployment {
  readonly environment: string;
  readonly version: string;
  readonly pack: Pack;
  readonly apps: readonly DeployedApp[];
  readonly retentionDays: number;
  readonly prices: PriceTable;
  /** On every event, for cost allocation: `app` and `cost-center` come from the app, the rest from here. */
  readonly costTags: Readonly<Record<string, string>>;
}

export const DeployedApp = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,38}$/),
  name: z.string().min(1),
  owner: z.string().optional(),
  cost_center: z.string().min(1),
  /** Models and aliases it may use; left out = all of the pack. */
  models: z.array(z.string()).optional(),
  /** What targets must promise about its data, beside what the pack requires. */
  requires: DataRequirements.optional(),
  /** Ids of its apps in Dify; a call with its key that claims another id is recorded as a conflict. */
  dify_app_ids: z
    .array(z.string().regex(/^[A-Za-z0-9._:@-]{1,128}$/, 'is the id of an app in Dify'))
    .optional(),
  on_block: z.enum(['refusal', 'error']).optional(),
  budget: BudgetSettings.optional(),
  limits: LimitSettings.optional(),
  /** Its own function and URL, so that the AWS bill splits. */
  dedicated: z.boolean().default(false),
});
export type DeployedApp = z.infer<typeof DeployedApp>;
