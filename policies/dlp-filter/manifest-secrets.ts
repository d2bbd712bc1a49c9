import { isStandIn } from './randomness.ts';
import type { Secret } from './secret-rule.ts';

/** `kind: Secret`, in YAML and in JSON. */
const KIND = /\bkind["']?[ \t]{0,8}:[ \t]{0,8}["']?[Ss]ecret\b/;
/** YAML documents of one text. */
const NEXT_DOCUMENT = /^---/gm;
/** The map of encoded values, and how far it is indented. */
const DATA = /^([ \t]{0,80})(?:- )?["']?data["']?[ \t]{0,8}:[ \t]{0,8}/gm;
const DATA_INLINE = /["']data["'][ \t]{0,8}:\s{0,8}\{/g;
const ENTRY =
  /["']?[\w.-]{1,80}["']?[ \t]{0,8}:[ \t]{0,8}(?:[|>][-+]?\s{1,80})?["']?([A-Za-z0-9+/]{10,10000}={0,2})(?=["'\s,}]|$)/g;

/**
 * Values below `data` of Kubernetes secrets, whatever they are called. The kind may stand behind them, so only whole texts can be
 * looked at: in answers such values are found by their names and formats alone.
 */
export function findManifestSecrets(text: string): Secret[] {
  if (!KIND.test(text)) return [];
  return documentsOf(text).flatMap(({ start, end }) => {
    const manifest = text.slice(start, end);
    return KIND.test(manifest) ? valuesOf(manifest, start) : [];
  });
}

function documentsOf(text: string): { start: number; end: number }[] {
  const starts = [0, ...Array.from(text.matchAll(NEXT_DOCUMENT), ({ index }) => index)];
  return starts.map((start, i) => ({ start, end: starts[i + 1] ?? text.length }));
}

function valuesOf(manifest: string, offset: number): Secret[] {
  return mapsOf(manifest).flatMap(({ start, end }) =>
    Array.from(manifest.slice(start, end).matchAll(ENTRY), (entry) => {
      const [whole, value = ''] = entry;
      const from = offset + start + entry.index + whole.lastIndexOf(value);
      return { start: from, end: from + value.length, rule: 'secret.kubernetes_secret', value };
    })
      .filter(({ value }) => value.length % 4 === 0 && !isStandIn(value))
      .map(({ value: _, ...secret }) => secret),
  );
}

/** Where the entries of each `data` stand; none begins inside another. */
function mapsOf(manifest: string): { start: number; end: number }[] {
  const maps: { start: number; end: number }[] = [];
  const begins = [...manifest.matchAll(DATA), ...manifest.matchAll(DATA_INLINE)].toSorted(
    (a, b) => a.index - b.index,
  );
  for (const begin of begins) {
    const start = begin.index + begin[0].length;
    if (start < (maps.at(-1)?.end ?? 0)) continue;
    maps.push({ start, end: mapEnd(manifest, start, begin[1] ?? '') });
  }
  return maps;
}

/** A closing brace, or the first line that is indented no further. */
function mapEnd(manifest: string, start: number, indent: string): number {
  const isFlow = manifest[start - 1] === '{' || manifest[start] === '{';
  const end = isFlow ? manifest.indexOf('}', start) : dedent(manifest, start, indent.length);
  return end < 0 ? manifest.length : end;
}

function dedent(manifest: string, start: number, indent: number): number {
  for (let line = manifest.indexOf('\n', start); line >= 0; line = manifest.indexOf('\n', line + 1)) {
    const text = /[ \t]{0,100}/y;
    text.lastIndex = line + 1;
    text.test(manifest);
    const sign = manifest[text.lastIndex];
    if (sign !== '\n' && sign !== '\r' && text.lastIndex - line - 1 <= indent) return line;
  }
  return -1;
}
