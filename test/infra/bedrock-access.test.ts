import { describe, expect, test } from '@jest/globals';
import { AwsSolutionsChecks } from 'cdk-nag';
import { checkedEnvironment, ofType, PACK, statementsOf, synthesized, tagsOf } from './synthesized.ts';

const PROFILE = 'arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/a1b2';
const models = [
  { provider_model: 'amazon.titan-embed-text-v2:0' },
  { provider_model: 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0' },
  { provider_model: PROFILE, base_model: 'eu.amazon.nova-lite-v1:0' },
  { provider_model: 'openai.gpt-oss-120b-1:0', secret: { env: 'BEDROCK_KEY' } },
];
const [sample] = PACK.targets;
const { secret: _, ...keyless } = sample!;
const targets = models.map((model, i) => ({
  ...keyless,
  id: `b${i}`,
  model: `b${i}`,
  provider: 'bedrock' as const,
  vendor: 'bedrock',
  region: 'eu-central-1',
  base_url: 'https://bedrock-runtime.eu-central-1.amazonaws.com',
  ...model,
}));

const withoutProfiles = { ...checkedEnvironment('dev'), bedrock: { inference_profiles: false } };

describe('a gateway whose pack calls Bedrock', () => {
  const made = synthesized('dev', { pack: { ...PACK, targets }, environment: withoutProfiles });
  const statements = statementsOf(made, made.app.gateways['Gateway']!.function as never).filter(
    ({ Action }) => JSON.stringify(Action).includes('bedrock:'),
  );
  test('may call exactly the models and profiles it names', () => {
    expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
    expect(JSON.stringify(statements)).toContain(
      'eu-central-1::foundation-model/amazon.titan-embed-text-v2:0',
    );
    expect(JSON.stringify(statements)).toContain(
      'inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
    );
    expect(JSON.stringify(statements)).not.toContain('gpt-oss');
  });

  test('may call a model behind a profile only through the profile', () => {
    const open = statements.filter(({ Resource }) => JSON.stringify(Resource).includes('*'));

    expect(open).toHaveLength(2);
    for (const { Condition } of open)
      expect(Condition).toHaveProperty('StringEquals.bedrock:InferenceProfileArn');
    expect(JSON.stringify(open)).toContain(
      'bedrock:*::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0',
    );
    expect(JSON.stringify(open)).toContain('bedrock:*::foundation-model/amazon.nova-lite-v1:0');
    expect(JSON.stringify(statements)).toContain(PROFILE);
  });

  test('has a written reason for every finding of the AWS Solutions rules', () => {
    const report = new AwsSolutionsChecks(made.app.node.root).validateScope(made.app.node.root);

    expect(report.violations.map(({ ruleName }) => ruleName)).toEqual([]);
  });
});

describe('apps that call Bedrock', () => {
  const made = synthesized('dev', { pack: { ...PACK, targets } });
  const profiles = ofType(made, 'AWS::Bedrock::ApplicationInferenceProfile');

  test('have a profile each for each model that is signed for, with their tags', () => {
    expect(profiles).toHaveLength(4);
    expect(profiles.map((profile) => tagsOf(profile)?.['app']).sort()).toEqual([
      'default',
      'default',
      'support-bot',
      'support-bot',
    ]);
    expect(JSON.stringify(profiles.map(({ Properties }) => Properties['ModelSource']))).toContain(
      'inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
    );
  });

  test('are told of their own profiles only, where their door is their own', () => {
    const variables = (door: string) =>
      JSON.stringify(
        ofType(made, 'AWS::Lambda::Function').find(({ Properties }) =>
          String(Properties['Description']).startsWith(door),
        )?.Properties['Environment'],
      );

    expect(variables('Gateway of all apps')).toContain('default b0');
    expect(variables('Gateway of the app support-bot')).toContain('support-bot b0');
    expect(variables('Gateway of the app support-bot')).not.toContain('default b0');
  });

  test('may call a model through these profiles', () => {
    const statements = statementsOf(made, made.app.gateways['Gateway']!.function as never);
    const through = statements.filter(({ Condition }) =>
      JSON.stringify(Condition ?? {}).includes('InferenceProfileArn"'),
    );

    expect(JSON.stringify(through)).toContain('Profiles');
  });

  test('leave no finding of the AWS Solutions rules without a reason', () => {
    const report = new AwsSolutionsChecks(made.app.node.root).validateScope(made.app.node.root);

    expect(report.violations.map(({ ruleName }) => ruleName)).toEqual([]);
  });
});
