/** A string or a number in valid JSON. */
const LITERAL = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;
const COLON = /\s*:/y;

/** JSON in a string of JSON in a string …: tools nest two levels; each one more doubles its escapes. */
const MAX_DEPTH = 4;

/** One string or number of a JSON text and where it stands. */
export interface JsonLiteral {
  /** As it is written. */
  readonly literal: string;
  /** What it says: no escapes. */
  readonly decoded: string;
  readonly start: number;
  readonly end: number;
  readonly isKey: boolean;
}

/** Every string and number of valid JSON, keys too, in order. */
export function* literalsOf(raw: string): Generator<JsonLiteral> {
  for (const { 0: literal, index: start } of raw.matchAll(LITERAL)) {
    const end = start + literal.length;
    COLON.lastIndex = end;
    const isKey = COLON.test(raw);
    const decoded = literal.startsWith('"') ? String(JSON.parse(literal)) : literal;
    yield { literal, decoded, start, end, isKey };
  }
}

/** The text is JSON of its own, `depth` levels inside other JSON. */
export function isDocument(text: string, depth: number): boolean {
  return depth <= MAX_DEPTH && /^\s*[[{]/.test(text) && isJson(text);
}

/** JSON with every escape resolved that JSON can do without, also inside its strings: what a reader of the tool's input would see. */
export function withoutEscapes(raw: string, depth = 0): string {
  if (!isDocument(raw, depth)) return raw;
  let out = '';
  let done = 0;
  for (const { literal, decoded, start, end } of literalsOf(raw)) {
    const plain = literal.startsWith('"') ? JSON.stringify(withoutEscapes(decoded, depth + 1)) : literal;
    out += raw.slice(done, start) + plain;
    done = end;
  }
  return out + raw.slice(done);
}

/** The text is valid JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
