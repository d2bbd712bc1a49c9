import type * as z from 'zod';
import { isObject, type Json, type JsonObject } from '#core/json.ts';
import { jsonSchema, MAX_CHOICES, MAX_FORMS, properties, typeOf, variants } from './setting-rows.ts';

/** What is too long for a table: lists of choices, those of equal settings together, and forms of a value. */
export function longChoices(schema: z.ZodType): string[] {
  const all = properties(jsonSchema(schema)).map(([key, property]) => ({ key, item: itemOf(property) }));
  const lists = Map.groupBy(all, ({ item }) => choices(item));
  lists.delete('');
  return [
    ...[...lists].map(
      ([names, settings]) => `Names for ${settings.map(({ key }) => quoted(key)).join(', ')}: ${names}.`,
    ),
    ...all.flatMap(({ key, item }) => forms(key, item)),
  ];
}

function itemOf(property: JsonObject): JsonObject {
  return isObject(property['items']) ? property['items'] : property;
}

function choices({ enum: values }: JsonObject): string {
  return Array.isArray(values) && values.length > MAX_CHOICES ? values.map(quoted).join(', ') : '';
}

function forms(key: string, item: JsonObject): string[] {
  const all = variants(item);
  return all.length > MAX_FORMS ? [[`Forms of ${quoted(key)}:\n`, ...all.map(formLine)].join('\n')] : [];
}

/** One form of a value: its fields and their types. */
function formLine(form: JsonObject): string {
  if (properties(form).length === 0) return `- ${typeOf(form)}`;
  const needed = Array.isArray(form['required']) ? form['required'] : [];
  const fields = properties(form).map(
    ([name, schema]) => `${quoted(name)}${needed.includes(name) ? '' : ' (optional)'}: ${allChoices(schema)}`,
  );
  return `- ${fields.join('; ')}`;
}

function allChoices(schema: JsonObject): string {
  return Array.isArray(schema['enum']) ? schema['enum'].map(quoted).join(', ') : typeOf(schema);
}

function quoted(value: Json): string {
  return `\`${String(value)}\``;
}
