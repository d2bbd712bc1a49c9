import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileLayers, compilePack, type PackLayer } from '#core/pack/compile.ts';
import { showProblem } from '#core/pack/pack.ts';
import { catalogue } from '#policies/catalogue.ts';

const BASE = `pack: { name: base, version: "1" }
providers: [{ name: openai, model: gpt-4o, secret_key_ref: { env: OPENAI_API_KEY } }]
policies: { chain: [prompt-injection, pii-detector] }
policy:
  pii-detector:
    action: redact
    on_error: block
`;

const base = { file: 'base.yaml', text: BASE };
const team = (text: string): PackLayer => ({ file: 'team.yaml', text });

function packOf(...layers: [PackLayer, ...PackLayer[]]) {
  const compiled = compileLayers(layers, catalogue);
  if ('problems' in compiled) throw new Error(compiled.problems.map(showProblem).join('\n'));
  return compiled.pack;
}

function problemsOf(...layers: [PackLayer, ...PackLayer[]]) {
  const compiled = compileLayers(layers, catalogue);
  return 'problems' in compiled ? compiled.problems.map(showProblem) : [];
}

describe('a pack in layers', () => {
  test('one layer is that pack', () => {
    expect(packOf(base)).toEqual((compilePack(BASE, 'base.yaml', catalogue) as { pack: unknown }).pack);
  });

  test('a later file overrides a key and keeps its neighbours', () => {
    const pack = packOf(base, team('pack: { name: team }\npolicy:\n  pii-detector: { action: block }\n'));
    const step = pack.chain.find(({ kind }) => kind === 'pii-detector');

    expect([pack.name, pack.version]).toEqual(['team', '1']);
    expect(step).toMatchObject({ settings: { action: 'block' }, on_error: 'block' });
  });

  test('a later list replaces the whole list', () => {
    const pack = packOf(base, team('policies: { chain: [pii-detector] }\n'));

    expect(pack.chain.map(({ kind }) => kind)).toEqual(['pii-detector']);
  });

  test('of three files the last one that speaks wins', () => {
    const pack = packOf(base, team('message: two\non_block: error\n'), {
      file: 'site.yaml',
      text: 'message: three\n',
    });

    expect([pack.message, pack.on_block]).toEqual(['three', 'error']);
  });

  test('a file that repeats what is there changes nothing', () => {
    fc.assert(
      fc.property(fc.subarray(BASE.split('\n').slice(0, 3)), (lines) => {
        const text = `${lines.join('\n')}\n`;
        if (text.trim() === '') return;
        expect(packOf(base, team(text)).hash).toBe(packOf(base).hash);
      }),
    );
  });
});

describe('a problem of a pack in layers', () => {
  test('is told in the file that wrote the value', () => {
    const problems = problemsOf(base, team('\npolicy:\n  pii-detector:\n    action: redct\n'));

    expect(problems).toEqual([
      expect.stringMatching(/^team\.yaml:4 policy\.pii-detector\.action: .*"redact"/),
    ]);
  });

  test('is told in the lower file when the upper one does not touch it', () => {
    const broken = { file: 'base.yaml', text: BASE.replace('redact', 'redct') };

    expect(problemsOf(broken, team('message: hello\n'))).toEqual([
      expect.stringMatching(/^base\.yaml:6 policy\.pii-detector\.action:/),
    ]);
  });

  test('is not told of what a later file replaced', () => {
    const broken = { file: 'base.yaml', text: BASE.replace('redact', 'redct') };

    expect(problemsOf(broken, team('policy: { pii-detector: { action: block } }\n'))).toEqual([]);
  });

  test('inside a replaced list is told in the file of the list', () => {
    const problems = problemsOf(base, team('\n\nproviders:\n  - name: openai\n    model: gpt-4o\n'));

    expect(problems).toEqual([
      expect.stringMatching(/^team\.yaml:\d+ providers\[0\]: secret_key_ref is missing/),
    ]);
  });

  test('a key nobody knows is told where it stands', () => {
    expect(problemsOf(base, team('\nmesage: hello\n'))).toEqual([
      expect.stringMatching(/^team\.yaml:2 mesage: unknown key .*"message"/),
    ]);
  });

  test('a file that is no mapping is told by its name', () => {
    expect(problemsOf(base, team('- a\n'))).toEqual([expect.stringMatching(/^team\.yaml:1 .*mapping/)]);
  });

  test('problems come in the order of the files', () => {
    const broken = { file: 'base.yaml', text: `${BASE}on_block: nothing\n` };
    const problems = problemsOf(broken, team('unknown: 1\n'));

    expect(problems.map((line) => line.split(':')[0])).toEqual(['base.yaml', 'team.yaml']);
  });
});

describe('the default of on_error', () => {
  const compiled = compileLayers([base], catalogue, { on_error: 'allow' });
  const steps = 'pack' in compiled ? compiled.pack.chain : [];

  test('reaches policies that do not say', () => {
    expect(steps.find(({ kind }) => kind === 'prompt-injection')?.on_error).toBe('allow');
  });

  test('leaves policies that say', () => {
    expect(steps.find(({ kind }) => kind === 'pii-detector')?.on_error).toBe('block');
  });
});
