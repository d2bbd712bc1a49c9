import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import { compilePack } from '#core/pack/compile.ts';
import { type Pack, type Problem, showProblem } from '#core/pack/pack.ts';
import { sha256Hex } from '#core/text/hash.ts';
import { catalogue } from '#policies/catalogue.ts';

const SEED = `pack:
  name: dify-gateway
  version: "1.0"

providers:
  - name: openai
    model: gpt-4o
    secret_key_ref:
      env: OPENAI_API_KEY

policies:
  chain:
    - prompt-injection
    - pii-detector
    - safety-filter
    - quality-scorer

policy:
  prompt-injection:
    action: block
  pii-detector:
    action: redact
  safety-filter:
    action: block
  quality-scorer:
    threshold: 0.6
`;

const LONG = `pack: { name: dify-gateway, version: "1.0" }
providers:
  targets:
    - { id: openai/gpt-4o, provider: openai, model: gpt-4o, secret_key_ref: { env: OPENAI_API_KEY } }
  routing: { strategy: ordered }
policies: { chain: [prompt-injection, pii-detector, safety-filter, quality-scorer] }
policy:
  quality-scorer: { threshold: 0.6 }
`;

const HEAD = `pack: { name: p, version: "1" }\nproviders: [{ name: openai, model: gpt-4o, secret_key_ref: { env: K } }]\n`;

function packOf(text: string): Pack {
  const compiled = compilePack(text, 'policy-config.yaml', catalogue);
  if ('problems' in compiled) throw new Error(compiled.problems.map(showProblem).join('\n'));
  return compiled.pack;
}

function problemsOf(text: string): Problem[] {
  const compiled = compilePack(text, 'policy-config.yaml', catalogue);
  return 'problems' in compiled ? compiled.problems : [];
}

const shown = (text: string) => problemsOf(text).map(showProblem);

describe('a pack', () => {
  it('compiles from the seed file unchanged', () => {
    expect(packOf(SEED)).toMatchObject({
      name: 'dify-gateway',
      version: '1.0',
      on_block: 'refusal',
      block_status: 400,
      audit: { mode: 'strict' },
      unscanned_parts: 'pass',
      auth: {},
      targets: [
        {
          id: 'openai/gpt-4o',
          provider: 'openai',
          model: 'gpt-4o',
          provider_model: 'gpt-4o',
          base_url: 'https://api.openai.com/v1',
          secret: { env: 'OPENAI_API_KEY' },
          timeout_ms: 60_000,
          idle_timeout_ms: 120_000,
          max_attempts: 2,
        },
      ],
    });
  });

  it.each([
    ['the flow spelling of the seed', readFileSync('examples/policy-config.yaml', 'utf8')],
    ['the long form', LONG],
  ])('is the same from %s', (_, text) => {
    expect(packOf(text)).toEqual(packOf(SEED));
  });

  it('has every setting of a policy filled in', () => {
    expect(packOf(SEED).chain[3]).toEqual({
      kind: 'quality-scorer',
      mode: 'enforce',
      on_error: 'block',
      timeout_ms: 5000,
      settings: { action: 'flag', after_retry: 'flag', threshold: 0.6, min_output_chars: 0, assertions: [] },
    });
  });

  it('has the hash of everything else', () => {
    const { hash, ...rest } = packOf(SEED);
    expect(hash).toBe(sha256Hex(canonicalize(rest) ?? ''));
  });

  it('has another hash when one setting differs', () => {
    expect(packOf(SEED.replace('0.6', '0.7')).hash).not.toBe(packOf(SEED).hash);
  });

  it('is plain JSON', () => {
    const pack = packOf(SEED);
    expect(JSON.parse(JSON.stringify(pack))).toEqual(pack);
  });

  it('takes the common keys of a policy beside its own', () => {
    const text = `${HEAD}policies: { chain: [pii-detector] }\npolicy:\n  pii-detector: { mode: observe, on_error: allow, timeout_ms: 9, apply_to: [user], action: block }\n`;
    expect(packOf(text).chain[0]).toMatchObject({
      mode: 'observe',
      on_error: 'allow',
      timeout_ms: 9,
      apply_to: ['user'],
      settings: { action: 'block' },
    });
  });

  it('takes the mode of safety-filter as its trade, as the original does', () => {
    const text = `${HEAD}policies: { chain: [safety-filter] }\npolicy: { safety-filter: { mode: education } }\n`;
    expect(packOf(text).chain[0]).toMatchObject({ mode: 'enforce', settings: { mode: 'education' } });
  });

  it('takes any endpoint with the OpenAI wire format', () => {
    const text = SEED.replace('name: openai', 'name: in-house\n    base_url: http://127.0.0.1:8080/v1/');
    expect(packOf(text).targets[0]).toMatchObject({
      provider: 'openai',
      base_url: 'http://127.0.0.1:8080/v1',
    });
  });
});

describe('a mistake in a pack', () => {
  it.each([
    [
      'an unknown policy',
      SEED.replace('- pii-detector', '- pii-detectr'),
      14,
      'policies.chain[1]',
      'E001',
      'did you mean "pii-detector"?',
    ],
    [
      'an unknown key',
      SEED.replace('threshold:', 'treshold:'),
      26,
      'policy.quality-scorer.treshold',
      'E002',
      'did you mean "threshold"?',
    ],
    [
      'an unknown key at the top',
      `${SEED}on_blok: error\n`,
      27,
      'on_blok',
      'E002',
      'did you mean "on_block"?',
    ],
    [
      'a wrong type',
      SEED.replace('0.6', '"high"'),
      26,
      'policy.quality-scorer.threshold',
      'E003',
      'must be a number',
    ],
    [
      'a wrong value',
      SEED.replace('action: redact', 'action: redakt'),
      22,
      'policy.pii-detector.action',
      'E003',
      'did you mean "redact"?',
    ],
    [
      'a number too large',
      SEED.replace('0.6', '1.5'),
      26,
      'policy.quality-scorer.threshold',
      'E003',
      'at most 1',
    ],
    ['an unquoted version', SEED.replace('"1.0"', '1.0'), 3, 'pack.version', 'E003', 'put it in quotes'],
    ['a missing key', SEED.replace('    model: gpt-4o\n', ''), 6, 'providers[0].model', 'E004', 'is missing'],
    ['missing providers', SEED.replace(/providers:[\s\S]*KEY\n/, ''), 1, 'providers', 'E004', 'is missing'],
    [
      'a key given twice',
      SEED.replace('version: "1.0"', 'version: "1.0"\n  name: x'),
      4,
      '(file)',
      'E005',
      'unique',
    ],
    ['no YAML', 'pack: [', 1, '(file)', 'E005', 'Flow sequence'],
    ['an empty file', '', 1, '(file)', 'E005', 'must be a mapping'],
    ['two documents', `${SEED}---\n${SEED}`, 27, '(file)', 'E005', 'one document'],
    [
      'a policy twice in the chain',
      SEED.replace('- safety-filter', '- pii-detector'),
      15,
      'policies.chain[2]',
      'E006',
      'twice',
    ],
    [
      'settings of a policy that would not run',
      SEED.replace('    - quality-scorer\n', ''),
      24,
      'policy.quality-scorer',
      'E006',
      'would never run',
    ],
    [
      'plain http',
      SEED.replace('model: gpt-4o', 'model: gpt-4o\n    base_url: http://example.com'),
      8,
      'providers[0].base_url',
      'E003',
      'https://',
    ],
    [
      'a password in a URL',
      SEED.replace('model: gpt-4o', 'model: gpt-4o\n    base_url: https://a:b@example.com'),
      8,
      'providers[0].base_url',
      'E003',
      'password',
    ],
    [
      'a provider without endpoint',
      SEED.replace('name: openai', 'name: opnai'),
      6,
      'providers[0]',
      'E003',
      'did you mean "openai"?',
    ],
    [
      'a policy block that is text',
      SEED.replace(/prompt-injection:\n {4}action: block/, 'prompt-injection: block'),
      19,
      'policy.prompt-injection',
      'E003',
      'mapping',
    ],
  ])('is shown with its place: %s', (_, text, line, path, code, message) => {
    expect(problemsOf(text)).toContainEqual(
      expect.objectContaining({ file: 'policy-config.yaml', line, path, code }),
    );
    expect(shown(text).join('\n')).toContain(message);
  });

  it('is shown with all others, in the order of the file', () => {
    const text = SEED.replace('"1.0"', '1.0').replace('- pii-detector', '- pii-detectr').replace('0.6', '2');
    expect(problemsOf(text).map(({ line, code }) => [line, code])).toEqual([
      [3, 'E003'],
      [14, 'E001'],
      [21, 'E006'],
      [26, 'E003'],
    ]);
  });

  it('is a confidence threshold without a quality-scorer before it', () => {
    const chain = (kinds: string) =>
      `${HEAD}policies: { chain: [${kinds}] }\npolicy: { human-oversight: { confidence_threshold: 0.5 } }\n`;
    expect(problemsOf(chain('quality-scorer, human-oversight'))).toEqual([]);
    expect(shown(chain('human-oversight, quality-scorer'))[0]).toContain('needs "quality-scorer" earlier');
  });

  it('is a marker that cannot be restored', () => {
    const text = `${HEAD}policies: { chain: [pii-detector] }\npolicy: { pii-detector: { restore: true, redaction: { marker_format: label } } }\n`;
    expect(shown(text)[0]).toContain('policy.pii-detector.restore: must be false unless');
  });

  it.each(['(?=x)', '(a)\\1', '(', 'a*', 'x{1000}{10}'])('is the pattern %s', (pattern) => {
    const text = `${HEAD}policies: { chain: [dlp-filter] }\npolicy: { dlp-filter: { detect_patterns: ['${pattern}'] } }\n`;
    expect(problemsOf(text)).toMatchObject([
      { line: 4, path: 'policy.dlp-filter.detect_patterns[0]', code: 'E003' },
    ]);
  });

  it('is an alias bomb, and costs no time', () => {
    const layers = Array.from(
      { length: 9 },
      (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`,
    );
    const started = performance.now();
    expect(problemsOf(`a0: &a0 x\n${layers.join('\n')}\n`)).toMatchObject([{ code: 'E005' }]);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('never shows a value that could be a key', () => {
    const text = SEED.replace('env: OPENAI_API_KEY', 'env: "sk-live secret value"');
    expect(shown(text).join('\n')).toContain('secret_key_ref.env');
    expect(shown(text).join('\n')).not.toContain('sk-live');
  });
});

describe('targets', () => {
  const target = (more: string) =>
    `pack: { name: p, version: "1" }\nproviders: [{ model: m, ${more} }]\npolicies: { chain: [pii-detector] }\n`;

  it('of azure-openai keep the deployment and the version', () => {
    const text = target(
      'name: azure-openai, base_url: "https://r.openai.azure.com", deployment: d, api_version: "2024-10-21", secret_key_ref: { env: K }',
    );
    expect(packOf(text).targets).toMatchObject([
      { provider: 'azure-openai', vendor: 'azure-openai', deployment: 'd', api_version: '2024-10-21' },
    ]);
  });

  it.each([
    ['region: eu-central-1, provider_model: "amazon.nova-lite-v1:0"', 'eu-central-1'],
    [
      'provider_model: "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a", base_model: "amazon.nova-lite-v1:0"',
      'us-east-1',
    ],
    [
      'base_url: "https://bedrock-runtime.eu-west-1.amazonaws.com", provider_model: "amazon.nova-lite-v1:0"',
      'eu-west-1',
    ],
  ])('of bedrock need no key and know their region: %s', (more, region) => {
    const [target_] = packOf(target(`name: bedrock, ${more}`)).targets;

    expect(target_).toMatchObject({ region, base_url: `https://bedrock-runtime.${region}.amazonaws.com` });
    expect(target_).not.toHaveProperty('secret');
  });

  it('name who runs them', () => {
    const text = target('name: groq, secret_key_ref: { env: K }');
    expect(packOf(text).targets).toMatchObject([{ provider: 'openai', vendor: 'groq' }]);
  });

  it.each([
    ['name: groq', 'secret_key_ref is missing'],
    [
      'name: groq, secret_key_ref: { env: K }, deployment: d',
      'deployment is a setting of azure-openai targets only',
    ],
    ['name: azure-openai, secret_key_ref: { env: K }', 'base_url is missing'],
    ['name: bedrock', 'region is missing'],
    [
      'name: bedrock, provider_model: "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a"',
      'base_model is missing',
    ],
    [
      'name: azure-openai, base_url: "https://r.openai.azure.com", secret_key_ref: { env: K }, api_version: latest',
      'must look like 2024-10-21',
    ],
  ])('that cannot work are refused: %s', (more, message) => {
    expect(shown(target(more)).join()).toContain(message);
  });
});

describe('routing', () => {
  const pack = (more: string, target = '') =>
    `pack: { name: p, version: "1" }
providers:
  targets:
    - { id: a, provider: openai, model: gpt-4o, secret_key_ref: { env: K } ${target} }
    - { id: b, provider: groq, model: llama, secret_key_ref: { env: K } }
${more}
policies: { chain: [dlp-filter] }
policy: { dlp-filter: { blocked_terms: [nightjar] } }
`;

  it('fills in strategy and breaker', () => {
    expect(packOf(pack('  routing: { strategy: latency }'))).toMatchObject({
      routing: { strategy: 'latency', breaker: { failures: 5, open_seconds: 30 } },
      aliases: {},
      requires: {},
    });
  });

  it.each([
    [
      '  routing: { strategy: fastest }',
      '',
      /:6 providers.routing.strategy: must be one of ordered, weighted, latency/,
    ],
    ['aliases: { fast: gpt-4 }', '', /:6 aliases.fast: unknown model "gpt-4" — did you mean "gpt-4o"\?/],
    ['aliases: { llama: gpt-4o }', '', /:6 aliases.llama: "llama" is a model of this pack already/],
    ['', ', weight: 2', /:4 providers.targets\[0\].weight: does nothing unless/],
    ['', ', max_attempts: 3', /:4 providers.targets\[0\].max_attempts: must be at most 2/],
    ['', ', data_policy: { region: EU }', /:4 providers.targets\[0\].data_policy.region: must be a region/],
    ['requires: { region: [] }', '', /:6 requires.region: must have at least 1 entries/],
    [
      'requires: { zero_data_retention: true }',
      ', data_policy: { zero_data_retention: true }',
      /:5 providers.targets\[1\]: no target of model "llama" meets requires \(zero_data_retention\)/,
    ],
    [
      'requires: { region: [eu] }',
      ', data_policy: { region: europe }',
      /no target of model "gpt-4o" meets requires/,
    ],
  ])('refuses %s %s', (more, target, problem) => {
    expect(shown(pack(more, target))[0]).toMatch(problem);
  });
});
