import { isObject } from '#core/json.ts';
import type { Path, YamlSource } from './yaml-source.ts';

type Mapping = Record<string, unknown>;

/**
 * Several files read as one. A later file overrides an earlier one: mappings are merged key by key, everything else (a list, a
 * text, a number) replaces what was there. A problem is told where the value in force was written.
 */
export function layeredSource(layers: readonly [YamlSource, ...YamlSource[]]): YamlSource {
  return {
    data: layers.map(({ data }) => data).reduce(merge),
    problem: (code, path, message) => ownerOf(layers, path).problem(code, path, message),
    keyProblem: (code, path, message) => ownerOf(layers, path).keyProblem(code, path, message),
  };
}

function merge(below: unknown, above: unknown): unknown {
  if (!isObject(below) || !isObject(above)) return above;
  const merged = Object.entries(above).map(([key, value]) => [
    key,
    Object.hasOwn(below, key) ? merge(below[key], value) : value,
  ]);
  return { ...below, ...Object.fromEntries(merged) };
}

/** The last layer that wrote the value at `path`; of a value nobody wrote, the last that wrote its nearest parent. */
function ownerOf(layers: readonly [YamlSource, ...YamlSource[]], path: Path): YamlSource {
  let writers = layers.map((source) => ({ source, value: source.data }));
  for (const step of path) {
    const inner = writers.flatMap(({ source, value }) =>
      isObject(value) && Object.hasOwn(value, String(step))
        ? [{ source, value: (value as Mapping)[step] }]
        : [],
    );
    if (inner.length === 0) break;
    // What stands below a list or a text was replaced with it.
    const replaced = inner.findLastIndex(({ value }) => !isObject(value));
    writers = inner.slice(Math.max(replaced, 0));
  }
  return writers.at(-1)?.source ?? layers[0];
}
