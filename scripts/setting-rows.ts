import * as z from 'zod';
import { isObject, type Json, type JsonObject } from '#core/json.ts';

/** One setting of a policy as a row of its table. */
export interface SettingRow {
  readonly name: string;
  readonly type: string;
  /** As it is written in a pack; empty when there is none. */
  readonly default: string;
  readonly description: string;
}

/** Longer lists of choices have a sentence, not a cell; more forms of a value have a list. */
export const MAX_CHOICES = 12;
export const MAX_FORMS = 2;

/** The settings of a strict object schema; those of a nested object get dotted names. */
export function settingRows(schema: z.ZodType): SettingRow[] {
  return rowsOf(jsonSchema(schema), '');
}

/** JSON Schema of what an operator writes. */
export function jsonSchema(schema: z.ZodType): JsonObject {
  return z.toJSONSchema(schema, { io: 'input' }) as unknown as JsonObject;
}

/** The properties of an object schema. */
export function properties(schema: JsonObject): [string, JsonObject][] {
  const all = schema['properties'];
  return isObject(all)
    ? Object.entries(all).filter((entry): entry is [string, JsonObject] => isObject(entry[1]))
    : [];
}

/** The one or more schemas a value may match. */
export function variants(schema: JsonObject): JsonObject[] {
  const many = schema['oneOf'] ?? schema['anyOf'];
  return Array.isArray(many) ? many.filter(isObject) : [schema];
}

function rowsOf(schema: JsonObject, prefix: string): SettingRow[] {
  return properties(schema).flatMap(([key, property]) => {
    const name = `${prefix}${key}`;
    if (properties(property).length > 0) return rowsOf(property, `${name}.`);
    return [
      { name, type: typeOf(property), default: defaultOf(property), description: descriptionOf(property) },
    ];
  });
}

/** In words, for a table. */
export function typeOf(schema: JsonObject): string {
  const many = variants(schema);
  if (many.length > MAX_FORMS) return `${many.length} forms, see below`;
  if (many.length > 1) return many.map(typeOf).join(', or ');
  if (Array.isArray(schema['enum'])) return choices(schema['enum']);
  if (schema['const'] !== undefined) return code(schema['const']);
  const { items } = schema;
  if (schema['type'] === 'array') return `list of ${isObject(items) ? typeOf(items) : 'values'}`;
  if (properties(schema).length > 0) return `{ ${properties(schema).map(field).join(', ')} }`;
  return `${NAMES[String(schema['type'])] ?? 'value'}${bounds(schema)}`;
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: '`true`, `false`',
  object: 'mapping',
};

function field([name, schema]: [string, JsonObject]): string {
  return `${name}: ${typeOf(schema)}`;
}

function choices(values: readonly Json[]): string {
  return values.length > MAX_CHOICES ? `${values.length} names, see below` : values.map(code).join(', ');
}

function bounds({ minimum, maximum }: JsonObject): string {
  const low = typeof minimum === 'number' && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined;
  const high = typeof maximum === 'number' && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (low !== undefined && high !== undefined) return ` ${low}–${high}`;
  if (low !== undefined) return ` from ${low}`;
  return high === undefined ? '' : ` up to ${high}`;
}

function defaultOf(schema: JsonObject): string {
  const value = schema['default'];
  if (value === undefined) return '';
  if (Array.isArray(value) && value.length > MAX_CHOICES) return 'all of them';
  return code(value);
}

function descriptionOf({ description }: JsonObject): string {
  return typeof description === 'string' ? description : '';
}

/** A value as YAML would have it, in backticks. */
function code(value: Json): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
