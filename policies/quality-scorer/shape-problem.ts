import { isObject } from '#core/json.ts';
import { LinearPatternText } from '#core/text/linear-pattern.ts';

/** The part of JSON Schema (draft 2020-12) that an answer is checked with; anything else in a schema is refused. */
const ANNOTATIONS = [
  '$schema',
  '$id',
  '$comment',
  'title',
  'description',
  'default',
  'examples',
  'format',
  'deprecated',
];
const TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];
const NUMBERS = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
];
const MAX_DEPTH = 20;

/** Why a schema cannot be used, or undefined. */
export function shapeProblem(schema: unknown, depth = 0): string | undefined {
  if (typeof schema === 'boolean') return undefined;
  if (!isObject(schema)) return 'must be an object, true or false';
  if (depth > MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH}`;
  for (const [keyword, value] of Object.entries(schema)) {
    const problem = keywordProblem(keyword, value, depth);
    if (problem !== undefined) return `${keyword}: ${problem}`;
  }
  return undefined;
}

function keywordProblem(keyword: string, value: unknown, depth: number): string | undefined {
  if (ANNOTATIONS.includes(keyword) || keyword === 'const') return undefined;
  if (NUMBERS.includes(keyword)) return typeof value === 'number' ? undefined : 'must be a number';
  switch (keyword) {
    case 'type':
      return [value].flat().every((one) => TYPES.includes(String(one)))
        ? undefined
        : `must be of ${TYPES.join(', ')}`;
    case 'enum':
      return Array.isArray(value) ? undefined : 'must be a list';
    case 'required':
      return Array.isArray(value) && value.every((one) => typeof one === 'string')
        ? undefined
        : 'must be a list of names';
    case 'pattern': {
      const pattern = LinearPatternText.safeParse(value);
      return pattern.success ? undefined : (pattern.error.issues[0]?.message ?? 'is no pattern');
    }
    case 'items':
    case 'additionalProperties':
    case 'not':
      return shapeProblem(value, depth + 1);
    case 'properties':
      return isObject(value) ? firstProblem(Object.entries(value), depth) : 'must be an object';
    case 'anyOf':
    case 'oneOf':
    case 'allOf':
      return Array.isArray(value) && value.length > 0
        ? firstProblem(Object.entries(value), depth)
        : 'must be a list';
    default:
      return 'is not supported here';
  }
}

function firstProblem(schemas: readonly (readonly [string, unknown])[], depth: number): string | undefined {
  for (const [name, schema] of schemas) {
    const problem = shapeProblem(schema, depth + 1);
    if (problem !== undefined) return `${name}: ${problem}`;
  }
  return undefined;
}
