import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Target } from '#core/pack/pack.ts';
import { acknowledgeProfileRegions } from './acknowledgements.ts';
import type { HouseFunction } from './house-function.ts';
import { permit } from './permissions.ts';

const INVOKE = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];
/** `eu.amazon.nova-lite-v1:0`: a profile of AWS that sends calls to several regions. */
const SYSTEM_PROFILE = /^([a-z]{2,6}(?:-gov)?)\.([a-z0-9-]+\.[a-z0-9].*)$/;
const PROFILE_ARN = /:(application-inference-profile|inference-profile)\//;

/** Lets a function call exactly the models and inference profiles that a pack names and signs for. */
export function grantModels(fn: HouseFunction<'gateway'>, targets: readonly Target[]): void {
  const signed = targets.filter(({ provider, secret }) => provider === 'bedrock' && !secret);
  for (const [name, target] of new Map(
    signed.map((each) => [`${each.region} ${each.provider_model}`, each]),
  )) {
    grantModel(fn, target, name);
  }
}

function grantModel(fn: HouseFunction<'gateway'>, target: Target, name: string): void {
  const { provider_model: model, region = '' } = target;
  const behind = modelBehind(target);
  if (behind === undefined) permit(fn, INVOKE, [modelArn(fn, region, model)]);
  else grantProfile(fn, { model, region, behind, name });
}

function grantProfile(
  fn: HouseFunction<'gateway'>,
  { model, region, behind, name }: { model: string; region: string; behind: string; name: string },
): void {
  const profile = model.startsWith('arn:') ? model : profileArn(fn, region, model);
  permit(fn, INVOKE, [profile]);
  // Which regions a profile uses is for AWS to say; through anything but the profile the model cannot be called.
  permit(fn, INVOKE, [foundationModel(fn, '*', behind)], {
    StringEquals: { 'bedrock:InferenceProfileArn': profile },
  });
  acknowledgeProfileRegions(fn.role as unknown as Construct, foundationModel(fn, '*', behind), name);
}

/** Lets a function call the model of a target through profiles that were made from it. */
export function grantThroughProfiles(fn: HouseFunction<'gateway'>, target: Target, profiles: string[]): void {
  const { provider_model: model, region = '' } = target;
  const behind = modelBehind(target);
  permit(fn, INVOKE, profiles);
  const models = behind === undefined ? modelArn(fn, region, model) : foundationModel(fn, '*', behind);
  permit(fn, INVOKE, [models], { StringEquals: { 'bedrock:InferenceProfileArn': profiles } });
  if (behind !== undefined)
    acknowledgeProfileRegions(fn.role as unknown as Construct, models, `${region} ${model}`);
}

/** What a profile of an app is copied from: a model, or a profile of AWS. */
export function sourceArn(scope: Construct, target: Target): string {
  const { provider_model: model, region = '' } = target;
  if (model.startsWith('arn:') || modelBehind(target) === undefined) return modelArn(scope, region, model);
  return profileArn(scope, region, model);
}

/** The model that an inference profile stands for; undefined when the target names a model itself. */
function modelBehind({ provider_model: model, base_model }: Target): string | undefined {
  if (PROFILE_ARN.test(model)) return withoutGeography(base_model ?? model.split('/').at(-1) ?? model);
  return SYSTEM_PROFILE.test(model) ? withoutGeography(model) : undefined;
}

function withoutGeography(model: string): string {
  return SYSTEM_PROFILE.exec(model)?.[2] ?? model;
}

function modelArn(scope: Construct, region: string, model: string): string {
  return model.startsWith('arn:') ? model : foundationModel(scope, region, model);
}

function foundationModel(scope: Construct, region: string, resourceName: string): string {
  return Stack.of(scope).formatArn({
    service: 'bedrock',
    region,
    account: '',
    resource: 'foundation-model',
    resourceName,
  });
}

function profileArn(scope: Construct, region: string, resourceName: string): string {
  return Stack.of(scope).formatArn({
    service: 'bedrock',
    region,
    resource: 'inference-profile',
    resourceName,
  });
}
