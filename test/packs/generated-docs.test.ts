import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import type { Policy } from '#core/policy/policy.ts';
import { catalogue } from '#policies/catalogue.ts';
import { generatedFiles } from '../../scripts/generated-files.ts';
import { personalDataPage } from '../../scripts/personal-data-page.ts';
import { policyPage } from '../../scripts/policy-page.ts';
import { secretsPage } from '../../scripts/secrets-page.ts';
import { settingRows } from '../../scripts/setting-rows.ts';
import { streamNeeds } from '../../scripts/stream-needs.ts';

describe.each(generatedFiles())('$path', ({ path, isFresh }) => {
  test('is up to date; if not, run: node scripts/make-docs.ts', () => {
    expect(isFresh(readFileSync(path, 'utf8'))).toBe(true);
  });

  test('would be found stale', () => {
    expect(
      isFresh(
        readFileSync(path, 'utf8')
          .replace('prompt', 'pompt')
          .replace('cases', 'case')
          .replace('email', 'mail')
          .replace(' the ', ' teh '),
      ),
    ).toBe(false);
  });
});

const sample: Policy = {
  kind: 'sample',
  phases: ['output'],
  summary: 'Shows the page',
  settings: z.strictObject({
    action: z.enum(['flag', 'block']).default('flag').describe('What happens'),
    rate: z.number().min(0).max(1).default(0.5),
    terms: z.array(z.string()).default([]),
    inner: z.strictObject({ deep: z.boolean().default(true).describe('Below | above') }).prefault({}),
    forms: z
      .array(
        z.union([
          z.strictObject({ a: z.int().optional() }),
          z.strictObject({ b: z.literal('x') }),
          z.string(),
        ]),
      )
      .default([]),
    kinds: z.array(z.enum(Array.from({ length: 13 }, (_, i) => `k${i}`) as [string])).optional(),
  }) as z.ZodType,
  needs: (settings) => ((settings as { action: string }).action === 'block' ? 'whole' : 'none'),
};
const page = policyPage(new Map([['sample', sample]]));

test('the page of secrets names every rule once, by issuer, those of nobody last', () => {
  const rule = (id: string, issuer: string) => ({ id, issuer, description: `of ${issuer} | ${id}` });
  const page = secretsPage([rule('c', 'any'), rule('b', 'Zed'), rule('a', 'Acme'), rule('d', 'Acme')]);

  expect(page.split('\n').slice(-6, -1)).toEqual([
    '|---|---|---|',
    '| Acme | `a` | of Acme \\| a |',
    '|  | `d` | of Acme \\| d |',
    '| Zed | `b` | of Zed \\| b |',
    '| anybody | `c` | of any \\| c |',
  ]);
  expect(page).toContain('4 kinds of 2 issuers, and of anybody.');
});

test('the page of personal data puts kinds of its own first, then international numbers, then countries', () => {
  const page = personalDataPage([
    { entity: 'us_ein', placeholder: 'TAXID', scheme: { region: 'US', bare: /x/ } },
    { entity: 'imei', placeholder: 'DEVICE', scheme: { valid: () => true } },
    { entity: 'phone', placeholder: 'PHONE' },
    { entity: 'email', placeholder: 'EMAIL' },
  ]);

  expect(
    page
      .split('\n')
      .slice(-5, -1)
      .map((row) => row.split(' | ').slice(0, 2).join(' | ')),
  ).toEqual(['| `email` | ', '| `phone` | ', '| `imei` | ', '| `us_ein` | US']);
  expect(page).toContain('| `us_ein` | US | `TAXID` | shape only | yes |');
  expect(page).toContain('| `imei` |  | `DEVICE` | yes | no |');
  expect(page).toContain('4 kinds; numbers of 1 countries.');
});

test('a kind of personal data that the page cannot explain fails it', () => {
  expect(() => personalDataPage([{ entity: 'new_kind', placeholder: 'NEW' }])).toThrow('new_kind');
});

describe('the page of policies', () => {
  test('has type, default and description of a setting', () => {
    expect(page).toContain('| `action` | `flag`, `block` | `flag` | What happens |');
    expect(page).toContain('| `rate` | number 0–1 | `0.5` |  |');
    expect(page).toContain('| `terms` | list of text | `[]` |  |');
  });

  test('names settings of nested mappings with dots', () => {
    expect(page).toContain('| `inner.deep` | `true`, `false` | `true` | Below \\| above |');
  });

  test('writes long lists of choices below the table', () => {
    expect(page).toContain('list of 13 names, see below');
    expect(page).toMatch(/Names for `kinds`: `k0`, .*`k12`\./);
  });

  test('writes the forms of a value below the table', () => {
    expect(page).toContain('| `forms` | list of 3 forms, see below |');
    expect(page).toContain('Forms of `forms`:\n\n- `a` (optional): whole number\n- `b`: `x`\n- text');
  });

  test('says which settings hold a stream back', () => {
    expect(streamNeeds(sample)).toEqual({
      byDefault: 'none',
      changes: [{ setting: 'action: block', need: 'whole' }],
    });
    expect(page).toContain('with `action: block`: the whole answer');
  });

  test('describes every setting', () => {
    const all = [...catalogue.values()].flatMap(({ kind, settings }) =>
      settingRows(settings).map((row) => ({ kind, ...row })),
    );

    expect(all.filter(({ description }) => description === '')).toEqual([]);
  });

  test('has every setting of every policy', () => {
    const real = policyPage(catalogue);
    for (const { kind, settings } of catalogue.values()) {
      const section = real.split(`\n## ${kind}\n`)[1]?.split('\n## ')[0] ?? '';
      for (const { name } of settingRows(settings)) expect(section).toContain(`| \`${name}\` |`);
    }
  });
});
