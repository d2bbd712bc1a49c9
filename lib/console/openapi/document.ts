import * as z from 'zod';
import { ANSWERS } from './answers.ts';
import type { Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';

type Json = Readonly<Record<string, unknown>>;

/** The API of the console as an OpenAPI 3.1 document, made of the schemas that check its requests and describe its answers. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of OPERATIONS)
    paths[operation.path] = { ...paths[operation.path], [operation.method]: described(operation) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Keeptrusts console',
      version,
      description:
        'Events, reviews, spend, apps and keys. Times are ISO 8601 UTC, money is integer micro-dollars.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ person: [] }],
    paths,
    components: {
      schemas: answerSchemas(),
      securitySchemes: {
        person: bearer('The ID token of the issuer, or a console token (ktc_…)'),
        gateway: bearer('A gateway token (ktg_…)'),
      },
    },
  };
}

function described(operation: Operation): Json {
  const { method, path, summary, role, body } = operation;
  return {
    operationId: `${method}${path.replace(/[^a-z]+([a-z])?/g, (_, letter?: string) => letter?.toUpperCase() ?? '')}`,
    summary,
    ...(role === 'anyone' && { security: [] }),
    ...(role === 'gateway' && { security: [{ gateway: [] }] }),
    ...(role !== 'anyone' && role !== 'gateway' && { 'x-role': role }),
    parameters: [...pathParameters(operation), ...queryParameters(operation)],
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: inputOf(body) } } },
    }),
    responses: responsesOf(operation),
  };
}

function responsesOf({ status = 200, answer, files = [], headers = {} }: Operation): Json {
  const error = { description: 'Refused', content: { 'application/json': { schema: refTo('Failure') } } };
  const content = {
    ...Object.fromEntries(files.map((type) => [type, { schema: { type: 'string' } }])),
    ...(answer !== undefined && { 'application/json': { schema: refTo(answer) } }),
  };
  const told = Object.entries(headers).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ]);
  return {
    [status]: {
      description: 'Done',
      ...(told.length > 0 && { headers: Object.fromEntries(told) }),
      content,
    },
    '4XX': error,
    '5XX': error,
  };
}

function pathParameters({ path, parameters = {} }: Operation): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const schema = parameters[name];
    return { name, in: 'path', required: true, schema: schema ? inputOf(schema) : { type: 'string' } };
  });
}

function queryParameters({ query }: Operation): Json[] {
  if (!query) return [];
  const { properties = {}, required = [] } = inputOf(query) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

/** What a caller may send: before defaults and conversions. */
function inputOf(schema: z.ZodType): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

/** Answers may get more members: a client must not refuse what it does not know. */
function answerSchemas(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(ANSWERS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    uri: (id) => `#/components/schemas/${id}`,
    unrepresentable: 'any',
    override({ jsonSchema }) {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      // A list that our code does not change; in OpenAPI the word means something else.
      delete jsonSchema.readOnly;
    },
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _dialect, $id: _id, ...schema }]) => [id, schema]),
  );
}

function refTo(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

function bearer(description: string): Json {
  return { type: 'http', scheme: 'bearer', description };
}
