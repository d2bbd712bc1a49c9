import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import * as z from 'zod';
import { compilePack } from '#core/pack/compile.ts';
import { type GoldenCase, readGolden } from '#core/pack/golden-file.ts';
import { runGolden } from '#core/pack/golden-run.ts';
import { type Pack, showProblem } from '#core/pack/pack.ts';
import { catalogue } from '#policies/catalogue.ts';

const FOLDER = 'policies/packs';
const PACKS = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml') && !name.includes('.golden.'));

const schemaOf = (file: string) => z.fromJSONSchema(JSON.parse(readFileSync(`policies/${file}`, 'utf8')));
const packSchema = schemaOf('pack.schema.json');
const goldenSchema = schemaOf('golden.schema.json');

function packOf(name: string): Pack {
  const compiled = compilePack(readFileSync(`${FOLDER}/${name}`, 'utf8'), name, catalogue);
  if ('problems' in compiled) throw new Error(compiled.problems.map(showProblem).join('\n'));
  return compiled.pack;
}

function casesOf(name: string): GoldenCase[] {
  const file = name.replace('.yaml', '.golden.yaml');
  const read = readGolden(readFileSync(`${FOLDER}/${file}`, 'utf8'), file, catalogue);
  if ('problems' in read) throw new Error(read.problems.map(showProblem).join('\n'));
  return read.cases;
}

const run = (pack: Pack, one: GoldenCase) =>
  runGolden({ pack, catalogue, now: () => performance.now() * 1000 }, one);

test('the packs are those the documentation names', () => {
  expect(PACKS.toSorted()).toEqual(
    ['dify', 'eu-ai-act', 'finance', 'healthcare', 'observe', 'strict'].map((name) => `${name}.yaml`),
  );
});

describe.each(PACKS)('the pack %s', (name) => {
  test('has the name of its file', () => {
    expect(`${packOf(name).name}.yaml`).toBe(name);
  });

  test('passes its golden cases', () => {
    const pack = packOf(name);
    const failed = casesOf(name)
      .map((one) => run(pack, one))
      .filter(({ differences }) => differences.length > 0);

    expect(failed).toEqual([]);
  });

  test("lets Dify's set-up probe pass", () => {
    const probe = {
      name: 'probe',
      line: 1,
      request: { max_tokens: 5, messages: [{ role: 'user', content: 'ping' }] },
      answer: 'pong',
      expect: { verdict: 'allowed', forwarded: 'ping', served: 'pong' },
    } satisfies GoldenCase;

    expect(run(packOf(name), probe).differences).toEqual([]);
  });

  test('is valid for the schemas that editors check it with', () => {
    const golden = name.replace('.yaml', '.golden.yaml');
    const files = [
      { file: name, schema: packSchema },
      { file: golden, schema: goldenSchema },
    ];
    for (const { file, schema } of files) {
      const data: unknown = parse(readFileSync(`${FOLDER}/${file}`, 'utf8'));

      expect(schema.safeParse(data).error?.issues ?? []).toEqual([]);
      expect(schema.safeParse({ ...(data as object), extra: 1 }).success).toBe(false);
    }
  });

  test('points editors at schemas that exist', () => {
    for (const file of [name, name.replace('.yaml', '.golden.yaml')]) {
      const [hint = ''] = readFileSync(`${FOLDER}/${file}`, 'utf8').split('\n');
      const schema = /^# yaml-language-server: \$schema=\.\.\/(\S+)$/.exec(hint)?.[1] ?? 'none';

      expect(readdirSync('policies')).toContain(schema);
    }
  });
});
