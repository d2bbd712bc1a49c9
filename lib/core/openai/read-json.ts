import { GatewayError } from '#core/errors.ts';
import type { Json } from '#core/json.ts';

export interface JsonLimits {
  readonly depth: number;
  readonly nodes: number;
}

/** What the gateway reads at most; deeper JSON breaks later stages (JSON.stringify throws near 1,000 levels). */
const REQUEST_LIMITS: JsonLimits = { depth: 64, nodes: 100_000 };

/**
 * Parses JSON that will be scanned and forwarded: refuses what two readers could understand differently (duplicate
 * keys, lone surrogates, `__proto__`) and what would exhaust a later stage. Throws GatewayError `invalid_request`.
 */
export function readJson(text: string, limits: JsonLimits = REQUEST_LIMITS): Json {
  checkStructure(text, limits);
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw invalid('The request body is not valid JSON. Send one JSON object, encoded as UTF-8.');
  }
  checkStrings(value);
  return value;
}

function invalid(message: string): GatewayError {
  return new GatewayError('invalid_request', message);
}

interface Level {
  readonly keys: Set<string> | undefined;
  expectsKey: boolean;
}

/** One pass over the text before JSON.parse may recurse into it. Malformed JSON is left for JSON.parse to refuse. */
function checkStructure(text: string, limits: JsonLimits): void {
  const levels: Level[] = [];
  let nodes = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    const level = levels.at(-1);
    if (char === 0x22) {
      const end = stringEnd(text, at);
      if (level?.keys && level.expectsKey) {
        addKey(level, text.slice(at, end + 1));
        level.expectsKey = false;
      }
      at = end;
    } else if (char === 0x7b || char === 0x5b) {
      levels.push({ keys: char === 0x7b ? new Set() : undefined, expectsKey: char === 0x7b });
      nodes += 1;
      if (levels.length > limits.depth) {
        throw invalid(`The request body is nested deeper than ${limits.depth} levels. Flatten it.`);
      }
    } else if (char === 0x7d || char === 0x5d) {
      levels.pop();
    } else if (char === 0x2c) {
      nodes += 1;
      if (level?.keys) level.expectsKey = true;
    }
    if (nodes > limits.nodes) {
      throw invalid(`The request body has more than ${limits.nodes} values. Send fewer.`);
    }
  }
}

/** Index of the closing quote, or the end of the text when it is missing. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === 0x5c) at += 1;
    else if (char === 0x22) return at;
  }
  return text.length;
}

function addKey(level: Level, quoted: string): void {
  const key = unquote(quoted);
  if (key === '__proto__') throw invalid('The request body uses the key "__proto__", which is not accepted.');
  if (level.keys?.has(key)) {
    throw invalid('The request body has the same key twice in one object. Send each key once.');
  }
  level.keys?.add(key);
}

function unquote(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted;
  }
}

function checkStrings(value: Json): void {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) {
      throw invalid(
        'The request body holds a broken character (half of a surrogate pair). Send well-formed Unicode.',
      );
    }
  } else if (Array.isArray(value)) {
    for (const item of value) checkStrings(item);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      checkStrings(key);
      checkStrings(item);
    }
  }
}
