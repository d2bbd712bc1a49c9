import { isObject, type Json, type JsonObject } from '#core/json.ts';
import { matchesPattern } from '#core/text/linear-pattern.ts';

/** Whether a value has the shape of a checked schema. */
export function hasShape(value: Json, schema: unknown): boolean {
  if (typeof schema === 'boolean') return schema;
  if (!isObject(schema)) return false;
  return Object.entries(schema).every(([keyword, wanted]) =>
    meets(value, keyword, wanted, schema as JsonObject),
  );
}

function meets(value: Json, keyword: string, wanted: unknown, schema: JsonObject): boolean {
  switch (keyword) {
    case 'type':
      return [wanted].flat().some((type) => isType(value, String(type)));
    case 'enum':
      return Array.isArray(wanted) && wanted.some((one) => isSame(value, one as Json));
    case 'const':
      return isSame(value, wanted as Json);
    case 'anyOf':
      return list(wanted).some((one) => hasShape(value, one));
    case 'oneOf':
      return list(wanted).filter((one) => hasShape(value, one)).length === 1;
    case 'allOf':
      return list(wanted).every((one) => hasShape(value, one));
    case 'not':
      return !hasShape(value, wanted);
  }
  if (typeof value === 'string') return stringMeets(value, keyword, wanted);
  if (typeof value === 'number') return numberMeets(value, keyword, Number(wanted));
  if (Array.isArray(value)) return arrayMeets(value, keyword, wanted);
  return isObject(value) ? objectMeets(value, keyword, wanted, schema) : true;
}

function stringMeets(value: string, keyword: string, wanted: unknown): boolean {
  if (keyword === 'pattern') return matchesPattern(String(wanted), value);
  if (keyword === 'minLength') return [...value].length >= Number(wanted);
  return keyword !== 'maxLength' || [...value].length <= Number(wanted);
}

function numberMeets(value: number, keyword: string, wanted: number): boolean {
  if (keyword === 'minimum') return value >= wanted;
  if (keyword === 'maximum') return value <= wanted;
  if (keyword === 'exclusiveMinimum') return value > wanted;
  if (keyword === 'exclusiveMaximum') return value < wanted;
  return keyword !== 'multipleOf' || Math.abs(value / wanted - Math.round(value / wanted)) < 1e-9;
}

function arrayMeets(value: readonly Json[], keyword: string, wanted: unknown): boolean {
  if (keyword === 'items') return value.every((one) => hasShape(one, wanted));
  if (keyword === 'minItems') return value.length >= Number(wanted);
  return keyword !== 'maxItems' || value.length <= Number(wanted);
}

function objectMeets(value: JsonObject, keyword: string, wanted: unknown, schema: JsonObject): boolean {
  const names = Object.keys(value);
  const known = isObject(schema['properties']) ? schema['properties'] : {};
  if (keyword === 'required') return list(wanted).every((name) => Object.hasOwn(value, String(name)));
  if (keyword === 'minProperties') return names.length >= Number(wanted);
  if (keyword === 'maxProperties') return names.length <= Number(wanted);
  if (keyword === 'properties')
    return names.every((name) => !Object.hasOwn(known, name) || hasShape(value[name] ?? null, known[name]));
  if (keyword !== 'additionalProperties') return true;
  return names.every((name) => Object.hasOwn(known, name) || hasShape(value[name] ?? null, wanted));
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function isType(value: Json, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'integer') return typeof value === 'number' && Number.isInteger(value);
  const kind: string = typeof value;
  return kind === type;
}

/** Equal as JSON values, whatever the order of keys. */
function isSame(a: Json, b: Json): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, i) => isSame(one, b[i] ?? null));
  if (!isObject(a) || !isObject(b)) return a === b;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSame(a[name] ?? null, b[name] ?? null))
  );
}
