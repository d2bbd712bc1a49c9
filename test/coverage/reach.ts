/** Shorter pieces of a planted text stand in honest text by chance. */
const WINDOW = 8;

/** Whether a recognisable piece of the planted text stands anywhere in what was sent: in any string or key, joined or decoded. */
export function reaches(sent: string, planted: string): boolean {
  const texts = [sent, ...readings(sent)];
  for (let at = 0; at + WINDOW <= Math.max(planted.length, WINDOW); at += 1) {
    const piece = planted.slice(at, at + WINDOW);
    if (texts.some((text) => text.includes(piece))) return true;
  }
  return false;
}

/** What a reader of JSON, or of an event stream of JSON, gets to see. */
function readings(sent: string): string[] {
  const streamed = sent
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => line.slice(6));
  const documents = (streamed.length > 0 ? streamed : [sent]).flatMap(parse);
  const joined = new Map<string, string>();
  for (const document of documents) {
    for (const { path, text } of strings(document)) joined.set(path, (joined.get(path) ?? '') + text);
  }
  return [...joined.values()].flatMap((text) => [text, ...inside(text)]);
}

/** JSON in a string, and what percent signs stand for. */
function inside(text: string): string[] {
  const nested = parse(text).flatMap((value) => [...strings(value)].map((found) => found.text));
  return [decoded(text), ...nested.flatMap((one) => [one, ...(one === text ? [] : inside(one))])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parse(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? [value] : [];
  } catch {
    return [];
  }
}

/** Strings, numbers and keys with their place; the parts of a stream's choice are joined by its index. */
function* strings(value: unknown, path = ''): Generator<{ path: string; text: string }> {
  if (typeof value === 'string' || typeof value === 'number') yield { path, text: String(value) };
  if (typeof value !== 'object' || value === null) return;
  const index = 'index' in value ? `#${String(value.index)}` : '';
  for (const [key, item] of Object.entries(value)) {
    yield { path: `${path}${index}.${key} key`, text: key };
    yield* strings(item, `${path}${index}.${Array.isArray(value) ? '' : key}`);
  }
}
