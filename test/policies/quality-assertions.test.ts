import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '#core/json.ts';
import { hasShape } from '#policies/quality-scorer/json-shape.ts';
import { languageOf } from '#policies/quality-scorer/language.ts';
import { shapeProblem } from '#policies/quality-scorer/shape-problem.ts';
import { answerOf, judgeAnswer, policyOf } from './run.ts';

const KIND = 'quality-scorer';
const TEXT = '  Install the CDK, then run cdk deploy. That is all you need.\n';
const JSON_TEXT = '{"name": "Ada", "age": 36, "tags": ["a", "b"]}';
const failed = (text: string, assertion: object) =>
  judgeAnswer(KIND, answerOf(text), { assertions: [assertion] })
    .findings.map(({ rule }) => rule)
    .filter((rule) => rule.startsWith('quality.assertion.'));

describe('assertions', () => {
  it.each([
    ['starts-with', { value: 'Install' }, { value: 'install' }],
    ['starts-with', { value: 'INSTALL', case_sensitive: false }, { value: 'the CDK' }],
    ['ends-with', { value: 'you need.' }, { value: 'you need' }],
    ['contains-any', { values: ['Terraform', 'CDK'] }, { values: ['Terraform', 'cdk Deploy'] }],
    ['contains-all', { values: ['CDK', 'deploy'] }, { values: ['CDK', 'Terraform'] }],
    ['not-regex', { value: 'terra(form)?' }, { value: 'cdk +deploy' }],
    ['min-words', { value: 12 }, { value: 13 }],
    ['max-words', { value: 12 }, { value: 11 }],
    ['language', { value: 'en' }, { value: 'de' }],
  ])('%s holds or fails', (type, good, bad) => {
    expect(failed(TEXT, { type, ...good })).toEqual([]);
    expect(failed(TEXT, { type, ...bad })).toEqual([`quality.assertion.${type}`]);
  });

  it('equals compares the answer without the white space around it', () => {
    expect(failed(' Yes\n', { type: 'equals', value: 'Yes' })).toEqual([]);
    expect(failed('Yes, sure', { type: 'equals', value: 'Yes' })).toEqual(['quality.assertion.equals']);
  });

  it('json-schema wants JSON of that shape and nothing around it', () => {
    const schema = {
      type: 'object',
      required: ['name'],
      properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 0 } },
    };
    const assertion = { type: 'json-schema', schema };
    expect(failed(JSON_TEXT, assertion)).toEqual([]);
    expect(failed('{"age": 3}', assertion)).toHaveLength(1);
    expect(failed('{"name": "Ada", "age": -1}', assertion)).toHaveLength(1);
    expect(failed(`\`\`\`json\n${JSON_TEXT}\n\`\`\``, assertion)).toHaveLength(1);
    expect(failed('no JSON', assertion)).toHaveLength(1);
  });

  it.each([
    [{ type: 'json-schema', schema: { $ref: '#/x' } }, '$ref: is not supported here'],
    [{ type: 'json-schema', schema: { properties: { a: { pattern: '(?=x)' } } } }, 'properties: a: pattern'],
    [{ type: 'json-schema', schema: { type: 'text' } }, 'type: must be of'],
    [{ type: 'language', value: 'xx' }, 'Invalid option'],
    [{ type: 'max-words', value: 10_001 }, 'Too big'],
  ])('%j is refused when the pack is read', (assertion, problem) => {
    const read = policyOf(KIND).settings.safeParse({ assertions: [assertion] });
    expect(read.success).toBe(false);
    expect(JSON.stringify(read.error?.issues)).toContain(problem);
  });
});

describe('the shape of JSON', () => {
  it.each<[object, Json, boolean]>([
    [{ type: ['string', 'null'] }, null, true],
    [{ type: 'integer' }, 1.5, false],
    [{ type: 'number', exclusiveMinimum: 0, maximum: 10, multipleOf: 0.1 }, 0.3, true],
    [{ type: 'number', exclusiveMinimum: 0 }, 0, false],
    [{ enum: ['a', { b: [1] }] }, { b: [1] }, true],
    [{ const: { a: 1, b: 2 } }, { b: 2, a: 1 }, true],
    [{ const: [1, 2] }, [2, 1], false],
    [{ minLength: 2, maxLength: 2 }, '😀😀', true],
    [{ pattern: '^[a-z]+$' }, 'Abc', false],
    [{ items: { type: 'string' }, minItems: 1, maxItems: 2 }, ['a', 'b'], true],
    [{ items: { type: 'string' } }, ['a', 1], false],
    [{ minItems: 1 }, [], false],
    [{ additionalProperties: false, properties: { a: true } }, { a: 1, b: 2 }, false],
    [{ additionalProperties: { type: 'number' } }, { a: 1, b: 2 }, true],
    [{ required: ['toString'] }, {}, false],
    [{ minProperties: 1, maxProperties: 1 }, { a: 1 }, true],
    [{ anyOf: [{ type: 'string' }, { type: 'number' }] }, true, false],
    [{ oneOf: [{ type: 'number' }, { type: 'integer' }] }, 1, false],
    [{ allOf: [{ minimum: 1 }, { maximum: 3 }] }, 2, true],
    [{ not: { type: 'null' } }, null, false],
  ])('%j meets %j: %s', (schema, value, expected) => {
    expect(shapeProblem(schema)).toBeUndefined();
    expect(hasShape(value, schema)).toBe(expected);
  });

  it('never throws on any value', () => {
    const schema = { type: 'object', properties: { a: { items: { pattern: 'x' } } }, required: ['a'] };
    fc.assert(fc.property(fc.jsonValue(), (value) => typeof hasShape(value as Json, schema) === 'boolean'));
  });

  it('is refused when it is nested too deeply', () => {
    let schema: object = {};
    for (let i = 0; i < 30; i += 1) schema = { not: schema };
    expect(shapeProblem(schema)).toContain('nested deeper than 20');
  });
});

describe('the language of a text', () => {
  it.each([
    ['en', 'You can find the keys in the drawer that is next to the door, and the lamp is on the table.'],
    ['de', 'Der Schlüssel liegt auf dem Tisch und die Lampe ist nicht an, weil ich sie nicht brauche.'],
    ['fr', 'La clé est dans le tiroir, et vous pouvez la prendre pour ouvrir les fenêtres du bureau.'],
    [
      'es',
      'La llave está en el cajón y las ventanas se abren con una manija que es como la del otro cuarto.',
    ],
    ['it', 'La chiave è nel cassetto e si può aprire la finestra con una maniglia che non è come questa.'],
    ['pt', 'A chave está na gaveta e você pode abrir as janelas com uma alavanca que não é como a outra.'],
    ['nl', 'De sleutel ligt in de la en het raam is niet open, maar je kunt het met een hendel openen.'],
    [
      'pl',
      'Klucz jest w szufladzie i nie można go wyjąć, ale okno otwiera się od środka, jak się pociągnie.',
    ],
    ['ru', 'Ключ лежит в ящике, а окно открывается изнутри.'],
    ['uk', 'Ключ лежить у шухляді, а вікно відчиняється зсередини, їх двоє.'],
    ['zh', '钥匙在抽屉里,窗户可以从里面打开。'],
    ['ja', '鍵は引き出しの中にあります。窓は内側から開きます。'],
    ['ko', '열쇠는 서랍 안에 있습니다.'],
    ['ar', 'المفتاح في الدرج'],
    ['he', 'המפתח נמצא במגירה'],
    ['el', 'Το κλειδί είναι στο συρτάρι'],
    ['hi', 'चाबी दराज में है'],
    ['th', 'กุญแจอยู่ในลิ้นชัก'],
    ['en', 'The file is here and it is in the folder you named:\n```\nder die das und ist nicht\n```'],
  ])('%s: %s', (language, text) => {
    expect(languageOf(text)).toBe(language);
  });

  it.each(['', '42', 'Ok.', 'Paris', 'https://example.org/a/b', '{"a": 1}'])(
    'cannot be told of %j',
    (text) => {
      expect(languageOf(text)).toBeUndefined();
      expect(failed(text, { type: 'language', value: 'de' })).toEqual([]);
    },
  );
});
