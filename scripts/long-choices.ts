import type * as z from 'zod';
import { isObject, type Json, type JsonObject } from '#core/json.ts';
import { jsonSchema, MAX_CHOICES, MAX_FORMS, properties, typeOf, variants } from './setting-rows.ts';

/** Lists of choices and forms that are too long for a table: the names of `entities`, say. */
export function longChoices(schema: z.ZodType): string[] {
  return properties(jsonSchema(schema)).flatMap(([key, property]) => {
    const item = isObject(property['items']) ? property['items'] : property;
    const values = Array.isArray(item['enum']) ? item['enum'] : [];
    const forms = variants(item);
    return [
      ...(values.length > MAX_CHOICES ? [`Names for \`${key}\`: ${values.map(quoted).join(', ')}.`] : []),
      ...(forms.length > MAX_FORMS ? [[`Forms of \`${key}\`:\n`, ...forms.map(formLine)].join('\n')] : []),
    ];
  });
}

/** One form of a value: its fields and their types. */
function formLine(form: JsonObject): string {
  if (properties(form).length === 0) return `- ${typeOf(form)}`;
  const needed = Array.isArray(form['required']) ? form['required'] : [];
  const fields = properties(form).map(
    ([name, schema]) => `\`${name}\`${needed.includes(name) ? '' : ' (optional)'}: ${typeOf(schema)}`,
  );
  return `- ${fields.join('; ')}`;
}

function quoted(value: Json): string {
  return `\`${String(value)}\``;
}
