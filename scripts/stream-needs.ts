import { isObject, type Json, type JsonObject } from '#core/json.ts';
import type { Policy, StreamNeed } from '#core/policy/policy.ts';
import { jsonSchema, properties } from './setting-rows.ts';

/** What a policy holds back of a stream with its defaults, and the single settings that change it. */
export interface StreamNeeds {
  readonly byDefault: StreamNeed;
  readonly changes: readonly { readonly setting: string; readonly need: StreamNeed }[];
}

/** Found out by asking: every setting is tried alone, with each of its choices or another value than its default. */
export function streamNeeds(policy: Policy): StreamNeeds {
  const byDefault = policy.needs(policy.settings.parse({}));
  const changes = properties(jsonSchema(policy.settings)).flatMap(([key, schema]) =>
    samples(schema).flatMap((value) => {
      const parsed = policy.settings.safeParse({ [key]: value });
      const need = parsed.success ? policy.needs(parsed.data) : byDefault;
      return need === byDefault ? [] : [{ setting: labelOf(key, value, schema), need }];
    }),
  );
  return { byDefault, changes };
}

function samples(schema: JsonObject): Json[] {
  if (Array.isArray(schema['enum'])) return schema['enum'];
  const { items, maximum, minimum } = schema;
  if (schema['type'] === 'boolean') return [schema['default'] !== true];
  if (schema['type'] === 'number' || schema['type'] === 'integer') {
    return [maximum, minimum].filter((value) => typeof value === 'number');
  }
  if (schema['type'] !== 'array' || !isObject(items)) return [];
  return Array.isArray(items['enum']) ? [items['enum'].slice(0, 1)] : [['example']];
}

/** Choices are named; of a number or a list it only matters that it is set. */
function labelOf(key: string, value: Json, schema: JsonObject): string {
  return Array.isArray(schema['enum']) || typeof value === 'boolean' ? `${key}: ${String(value)}` : key;
}
