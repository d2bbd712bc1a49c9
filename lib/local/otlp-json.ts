import type { Attributes, Span } from '#core/trace/spans.ts';

/** Who sends: the attributes of the resource, and our own version. */
export interface Resource {
  readonly attributes: Attributes;
  readonly version: string;
}

const KINDS = { server: 2, client: 3 } as const;
const ERROR = 2;

/**
 * The body of an export over OTLP/HTTP in JSON.
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export function otlpJson(spans: readonly Span[], { attributes, version }: Resource): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: pairs(attributes) },
        scopeSpans: [{ scope: { name: 'keeptrusts-gateway', version }, spans: spans.map(asJson) }],
      },
    ],
  };
}

function asJson({ kind, start, end, attributes, events, failed, ...same }: Span): object {
  return {
    ...same,
    kind: KINDS[kind],
    startTimeUnixNano: nanoseconds(start),
    endTimeUnixNano: nanoseconds(end),
    attributes: pairs(attributes),
    events: events.map(({ name, at, attributes: about }) => ({
      name,
      timeUnixNano: nanoseconds(at),
      attributes: pairs(about),
    })),
    status: failed ? { code: ERROR } : {},
  };
}

/** 64-bit numbers are texts in this encoding. */
function nanoseconds(milliseconds: number): string {
  return `${Math.round(milliseconds)}000000`;
}

function pairs(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: attributeValue(value) }));
}

function attributeValue(value: Attributes[string]): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return { intValue: String(Math.round(value)) };
  return { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } };
}
