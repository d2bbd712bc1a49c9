import { describe, expect, test } from '@jest/globals';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { PackRemote } from '#core/pack/pack.ts';
import { actionsOf, PACK, type Synthesized, statementsOf, synthesized } from './synthesized.ts';

const asking = (remotes: readonly PackRemote[]) => synthesized('dev', { pack: { ...PACK, remotes } });
const gateway = ({ app }: Synthesized) => app.gateways['Gateway']?.function as never;
const DETECTING = /^(?:comprehend|bedrock):/;

describe('a gateway may ask', () => {
  test('nobody, when its pack asks nobody', () => {
    const made = synthesized('dev');
    expect(
      statementsOf(made, gateway(made))
        .flatMap(actionsOf)
        .filter((action) => DETECTING.test(action)),
    ).toEqual([]);
  }, 120_000);

  test('the guardrails and the call of Comprehend its pack names, and the rules find nothing in that', () => {
    const made = asking([
      { policy: 'pii-detector', detector: 'comprehend', phases: ['input'] },
      {
        policy: 'prompt-injection',
        detector: 'bedrock-guardrail',
        phases: ['input'],
        guardrail: 'gr4zk2v8hq1d',
      },
      {
        policy: 'safety-filter',
        detector: 'openai-moderation',
        phases: ['input'],
        secret: { env: 'MODERATION_KEY' },
      },
    ]);
    const asked = statementsOf(made, gateway(made)).filter((one) =>
      actionsOf(one).some((action) => DETECTING.test(action)),
    );

    const allowing = (action: string) => asked.find((one) => actionsOf(one).includes(action))?.Resource;
    expect(
      asked
        .flatMap(actionsOf)
        .filter((action) => DETECTING.test(action))
        .sort(),
    ).toEqual(['bedrock:ApplyGuardrail', 'comprehend:DetectPiiEntities']);
    expect(JSON.stringify(allowing('bedrock:ApplyGuardrail'))).toMatch(/:guardrail\/gr4zk2v8hq1d"/);
    expect(allowing('comprehend:DetectPiiEntities')).toBe('*');
    const names = Object.values(made.resources).map(({ Properties }) => Properties?.['Name']);
    expect(names).toContain('kt/dev/MODERATION_KEY');
    const report = new AwsSolutionsChecks(made.app.node.root).validateScope(made.app.node.root);
    expect(report.violations.map(({ ruleName }) => ruleName)).toEqual([]);
  }, 120_000);
});
