import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { Problem } from './pack.ts';

/** Larger files are refused before they are parsed. */
const MAX_CHARACTERS = 1_000_000;
/** How often anchors may be expanded: more is an alias bomb. */
const MAX_ALIASES = 100;

export type Path = readonly (string | number)[];

/** A parsed YAML file that knows where everything stands. */
export interface YamlSource {
  readonly data: unknown;
  /** A problem at the value of `path` (or, when nothing is there, at its nearest parent). */
  problem(code: string, path: Path, message: string): Problem;
  /** A problem at the key itself. */
  keyProblem(code: string, path: Path, message: string): Problem;
}

/** Reads one YAML document; duplicate keys, several documents and alias bombs are problems (E005). */
export function readYaml(text: string, file: string): { source: YamlSource } | { problems: Problem[] } {
  if (text.length > MAX_CHARACTERS) {
    return { problems: [atStart(file, `the file is larger than ${MAX_CHARACTERS} characters`)] };
  }
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  if (doc.errors.length > 0) {
    return {
      problems: doc.errors.map((error) => ({
        ...atStart(file, WORDS[error.code] ?? oneLine(error.message)),
        ...place(lines, error.pos[0]),
      })),
    };
  }
  let data: unknown;
  try {
    data = doc.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    return { problems: [atStart(file, 'aliases expand too often; write the values out')] };
  }
  const at = (path: Path, key: boolean) => place(lines, offsetOf(doc, path, key));
  const make = (key: boolean) => (code: string, path: Path, message: string) => ({
    file,
    ...at(path, key),
    path: showPath(path),
    code,
    message,
  });
  return { source: { data, problem: make(false), keyProblem: make(true) } };
}

/** `policies.chain[2]`. */
function showPath(path: Path): string {
  if (path.length === 0) return '(file)';
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${part}`))
    .join('');
}

function atStart(file: string, message: string): Problem {
  return { file, line: 1, column: 1, path: '(file)', code: 'E005', message };
}

function place(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

const WORDS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'the key is given twice; keys must be unique',
  MULTIPLE_DOCS: 'the file holds more than one document; keep one per file',
};

function oneLine(message: string): string {
  return message.replace(/\s+/g, ' ').trim();
}

type Doc = ReturnType<typeof parseDocument>;

/** Walks as far as the path exists; the place of the last thing found. */
function offsetOf(doc: Doc, path: Path, wantKey: boolean): number {
  let node = doc.contents as Node | null;
  let offset = node?.range?.[0] ?? 0;
  for (const [i, part] of path.entries()) {
    const next = child(doc, node, part);
    if (!next) return offset;
    const last = i === path.length - 1;
    const key = next.key?.range?.[0];
    const value = isScalar(next.value) && next.value.value === null ? undefined : next.value?.range?.[0];
    offset =
      (last && !wantKey && value !== undefined && inline(next.value) ? value : (key ?? value)) ?? offset;
    node = next.value;
  }
  return offset;
}

/** A block map or list starts on a later line than its key: its key is the better place to point at. */
function inline(node: Node | null): boolean {
  return isScalar(node) || isAlias(node);
}

function child(
  doc: Doc,
  parent: Node | null,
  part: string | number,
): { key: Node | undefined; value: Node | null } | undefined {
  const node = isAlias(parent) ? (parent.resolve(doc) as Node | undefined) : parent;
  if (isMap(node)) {
    const pair = node.items.find(
      (item: Pair) => isScalar(item.key) && String(item.key.value) === String(part),
    );
    return pair ? { key: pair.key as Node, value: pair.value as Node | null } : undefined;
  }
  if (isSeq(node) && typeof part === 'number') {
    const value = node.items[part] as Node | undefined;
    return value === undefined ? undefined : { key: undefined, value };
  }
  return undefined;
}
