import { isDeepStrictEqual } from 'node:util';
import { goldenJsonSchema, packJsonSchema } from '#core/pack/json-schema.ts';
import { catalogue } from '#policies/catalogue.ts';
import { SECRET_RULES } from '#policies/dlp-filter/secret-rules.ts';
import { ENTITIES } from '#policies/pii-detector/entity.ts';
import { SCHEMES } from '#policies/pii-detector/numbers/schemes.ts';
import { nameOf } from '#policies/pii-detector/placeholders.ts';
import { failuresPage } from './failures-page.ts';
import { type PersonalKind, personalDataPage } from './personal-data-page.ts';
import { policyPage } from './policy-page.ts';
import { secretsPage } from './secrets-page.ts';

/** A file made from the schemas: its path from the root, its text, and whether a text says the same. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
  isFresh(text: string): boolean;
}

/** Everything that `node scripts/make-docs.ts` keeps up to date. */
export function generatedFiles(): GeneratedFile[] {
  return [
    textFile('docs/policies.md', policyPage(catalogue)),
    textFile('docs/secrets.md', secretsPage(SECRET_RULES)),
    textFile('docs/failures.md', failuresPage()),
    textFile('docs/personal-data.md', personalDataPage(personalKinds())),
    jsonFile('policies/pack.schema.json', packJsonSchema(catalogue)),
    jsonFile('policies/golden.schema.json', goldenJsonSchema()),
  ];
}

function personalKinds(): PersonalKind[] {
  const schemes: Readonly<Record<string, PersonalKind['scheme']>> = SCHEMES;
  return ENTITIES.map((entity) => ({ entity, placeholder: nameOf(entity), scheme: schemes[entity] }));
}

function textFile(path: string, text: string): GeneratedFile {
  return { path, text, isFresh: (other) => other === text };
}

/** Compared by value: how JSON is laid out is the formatter's business. */
function jsonFile(path: string, value: object): GeneratedFile {
  const text = JSON.stringify(value);
  return { path, text, isFresh: (other) => isDeepStrictEqual(parse(other), JSON.parse(text)) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
