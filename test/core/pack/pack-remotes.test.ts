import { describe, expect, test } from '@jest/globals';
import { compilePack } from '#core/pack/compile.ts';
import { showProblem } from '#core/pack/pack.ts';
import { catalogue } from '#policies/catalogue.ts';

const HEAD = `pack: { name: p, version: "1" }
providers:
  - { name: openai, model: gpt-4o, secret_key_ref: { env: K } }
  - { name: azure, provider: azure-openai, base_url: https://x.openai.azure.com/openai/v1, model: gpt-az, secret_key_ref: { env: A } }
policies: { chain: [prompt-injection, pii-detector, safety-filter] }
policy:
`;

function compile(policy: string) {
  const compiled = compilePack(HEAD + policy, 'pack.yaml', catalogue);
  return 'problems' in compiled ? compiled.problems.map(showProblem) : compiled.pack;
}

describe('whom a pack asks', () => {
  test('stands in the compiled pack, with the phases', () => {
    const pack = compile(`  pii-detector: { remote: { comprehend: { answers: true } } }
  prompt-injection: { remote: { bedrock_guardrail: { id: gr4zk2v8hq1d, version: "1" } } }
  safety-filter: { check_answers: false, remote: { openai_moderation: { target: openai/gpt-4o } } }
`);
    expect(pack).toHaveProperty('remotes', [
      {
        policy: 'prompt-injection',
        detector: 'bedrock-guardrail',
        phases: ['input'],
        guardrail: 'gr4zk2v8hq1d',
      },
      { policy: 'pii-detector', detector: 'comprehend', phases: ['input', 'output'] },
      { policy: 'safety-filter', detector: 'openai-moderation', phases: ['input'], target: 'openai/gpt-4o' },
    ]);
  });

  test('is nobody without settings that name one', () => {
    expect(compile('  prompt-injection: { action: block }\n')).not.toHaveProperty('remotes');
  });
});

describe('a mistake in a remote detector is told with its place:', () => {
  test.each([
    [
      'a target that is not there',
      'safety-filter: { remote: { openai_moderation: { target: openai } } }',
      /^pack\.yaml:7 policy\.safety-filter\.remote\.openai_moderation\.target: there is no target "openai" in providers; known: openai\/gpt-4o, azure \[E006\]$/,
    ],
    [
      'a target that has no moderation',
      'safety-filter: { remote: { openai_moderation: { target: azure } } }',
      /target "azure" is of provider azure-openai, which has no \/moderations/,
    ],
    [
      'neither target nor key',
      'safety-filter: { remote: { openai_moderation: {} } }',
      /pack\.yaml:7 .*must name exactly one of target, secret_key_ref/,
    ],
    [
      'a language Comprehend does not know',
      'pii-detector: { remote: { comprehend: { language: de } } }',
      /pack\.yaml:7 policy\.pii-detector\.remote\.comprehend\.language: must be one of en, es/,
    ],
    [
      'a version that is a number',
      'prompt-injection: { remote: { bedrock_guardrail: { id: gr1, version: 1 } } }',
      /pack\.yaml:7 policy\.prompt-injection\.remote\.bedrock_guardrail\.version/,
    ],
    [
      'an unknown detector',
      'pii-detector: { remote: { presidio: {} } }',
      /pack\.yaml:7 policy\.pii-detector\.remote\.presidio: .*\[E002\]/,
    ],
  ])('%s', (_, policy, expected) => {
    expect(compile(`  ${policy}\n`)).toEqual([expect.stringMatching(expected)]);
  });
});
