import { Stack } from 'aws-cdk-lib';
import type { PackRemote } from '#core/pack/pack.ts';
import { acknowledgeNoResource } from './acknowledgements.ts';
import type { HouseFunction } from './house-function.ts';
import { permit } from './permissions.ts';

/** Lets a gateway ask the detectors of AWS that its pack names, and no others. */
export function grantDetectors(gateway: HouseFunction<'gateway'>, remotes: readonly PackRemote[]): void {
  const guardrails = [...new Set(remotes.flatMap(({ guardrail }) => guardrail ?? []))];
  if (guardrails.length > 0) {
    const arns = guardrails.map((guardrail) => arnOf(guardrail, Stack.of(gateway)));
    permit(gateway, ['bedrock:ApplyGuardrail'], arns);
  }
  if (remotes.some(({ detector }) => detector === 'comprehend')) {
    permit(gateway, ['comprehend:DetectPiiEntities'], ['*']);
    acknowledgeNoResource(
      gateway.role ?? gateway,
      'comprehend:DetectPiiEntities reads a text, keeps nothing and offers no resource to name',
    );
  }
}

function arnOf(guardrail: string, { partition, region, account }: Stack): string {
  return guardrail.startsWith('arn:')
    ? guardrail
    : `arn:${partition}:bedrock:${region}:${account}:guardrail/${guardrail}`;
}
