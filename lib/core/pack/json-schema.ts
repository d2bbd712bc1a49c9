import * as z from 'zod';
import { isObject, type JsonObject } from '#core/json.ts';
import type { Catalogue } from '#core/policy/policy.ts';
import { CommonSettings, PackFile, ProviderList, ProviderSection } from './file-schema.ts';
import { GoldenFile } from './golden-file.ts';

/** JSON Schema (draft 2020-12) of the pack file, for editors. Made from the same schemas that check it. */
export function packJsonSchema(catalogue: Catalogue): JsonObject {
  const file = schemaOf(PackFile);
  const properties = asObject(file['properties']);
  const chain = {
    type: 'array',
    minItems: 1,
    uniqueItems: true,
    items: { type: 'string', enum: [...catalogue.keys()] },
  };
  const policies = { ...asObject(properties['policies']), properties: { chain } };
  const policy = {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      [...catalogue].map(([kind, { settings, summary }]) => [
        kind,
        { description: summary, ...withCommon(schemaOf(settings)) },
      ]),
    ),
  };
  const providers = { anyOf: [schemaOf(ProviderList), schemaOf(ProviderSection)] };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Keeptrusts Serverless policy pack',
    ...file,
    properties: { ...properties, providers, policies, policy },
    required: ['pack', 'providers', 'policies'],
  };
}

/** JSON Schema of golden files. */
export function goldenJsonSchema(): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Golden cases of a Keeptrusts Serverless policy pack',
    ...schemaOf(GoldenFile),
  };
}

function schemaOf(schema: z.ZodType): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' }) as JsonObject;
  return rest as JsonObject;
}

/** Adds `mode`, `on_error`, `timeout_ms` and `apply_to` to a policy's own settings. */
function withCommon(own: JsonObject): JsonObject {
  const mine = asObject(own['properties']);
  const shared = asObject(schemaOf(CommonSettings)['properties']);
  const both = Object.keys(mine).filter((key) => Object.hasOwn(shared, key));
  const merged = both.map((key): [string, JsonObject] => [
    key,
    { anyOf: [mine[key] ?? {}, shared[key] ?? {}] },
  ]);
  return { ...own, properties: { ...shared, ...mine, ...Object.fromEntries(merged) } };
}

function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
