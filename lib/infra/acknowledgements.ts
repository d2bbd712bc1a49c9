import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** X-Ray has no resources: its actions can only be allowed on everything. */
export function acknowledgeTracing(role: IConstruct): void {
  acknowledge(
    role,
    'AwsSolutions-IAM5[Resource::*]',
    'X-Ray offers no resource to name; PutTraceSegments writes only',
  );
}

/** An action that takes no resource can only be allowed on everything. */
export function acknowledgeNoResource(scope: IConstruct, reason: string): void {
  acknowledge(scope, 'AwsSolutions-IAM5[Resource::*]', reason);
}

/** Log delivery of a state machine is set up through account-wide calls. */
export function acknowledgeLogDelivery(role: IConstruct): void {
  const reason =
    'X-Ray and the log delivery calls of Step Functions offer no resource to name; no data action is among them';
  acknowledge(role, 'AwsSolutions-IAM5[Resource::*]', reason);
}

/** Provider keys are changed at the provider, by people. */
export function acknowledgeManualRotation(secret: IConstruct, reason: string): void {
  acknowledge(secret, 'AwsSolutions-SMG4', reason);
}

/** An inference profile chooses the region; the statement's condition binds the permission to the profile. */
export function acknowledgeProfileRegions(role: IConstruct, arn: string, target: string): void {
  const reason = `The inference profile of ${target} chooses the region, and the condition admits no other way to the model`;
  acknowledge(role, `AwsSolutions-IAM5[Resource::${arn}]`, reason);
}

/** Threat protection is a paid plan of Cognito's; whoever wants it turns it on for the pool. */
export function acknowledgeSignIn(pool: IConstruct, mfa: 'required' | 'optional'): void {
  const plan =
    'Threat protection needs the plan Plus; MFA, invitations only and long passwords guard the pool';
  for (const rule of ['AwsSolutions-COG3', 'AwsSolutions-COG8']) acknowledge(pool, rule, plan);
  if (mfa === 'optional')
    acknowledge(pool, 'AwsSolutions-COG2', 'The environment file leaves MFA to each person');
}

function acknowledge(scope: IConstruct, id: string, reason: string): void {
  Validations.of(scope).acknowledge({ id, reason });
}
