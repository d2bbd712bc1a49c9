import { describe, expect, it } from '@jest/globals';
import { isObject, type Json } from '#core/json.ts';
import { packJsonSchema } from '#core/pack/json-schema.ts';
import { catalogue } from '#policies/catalogue.ts';

const schema = packJsonSchema(catalogue);

function at(...path: (string | number)[]): Json | undefined {
  let here: Json | undefined = schema;
  for (const part of path) {
    if (Array.isArray(here)) here = here[Number(part)];
    else here = isObject(here) ? here[part] : undefined;
  }
  return here;
}

describe('the JSON Schema of packs', () => {
  it('lists every kind of the catalogue for the chain', () => {
    expect(at('properties', 'policies', 'properties', 'chain', 'items', 'enum')).toEqual([
      ...catalogue.keys(),
    ]);
  });

  it('knows the settings of every kind and no others', () => {
    for (const kind of catalogue.keys()) {
      const block = at('properties', 'policy', 'properties', kind);
      expect(block).toMatchObject({ type: 'object', additionalProperties: false });
      expect(block).toHaveProperty('properties.on_error');
    }
    expect(
      at('properties', 'policy', 'properties', 'quality-scorer', 'properties', 'threshold'),
    ).toMatchObject({
      type: 'number',
      default: 0.6,
    });
  });

  it('allows both spellings of providers', () => {
    expect(at('properties', 'providers', 'anyOf', 0, 'type')).toBe('array');
    expect(at('properties', 'providers', 'anyOf', 1, 'required')).toEqual(['targets']);
  });

  it('allows both meanings of the mode of safety-filter', () => {
    const modes = JSON.stringify(
      at('properties', 'policy', 'properties', 'safety-filter', 'properties', 'mode'),
    );
    expect(modes).toContain('observe');
    expect(modes).toContain('automotive');
  });

  it('is plain JSON that needs only the three parts of the seed', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    expect(schema['required']).toEqual(['pack', 'providers', 'policies']);
  });
});
