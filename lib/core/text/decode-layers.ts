import { decodeEscapes } from './decode-escapes.ts';
import { decodeRuns } from './decode-runs.ts';
import { compose } from './view-text.ts';
import type { View, Views } from './views.ts';

/** An encoding inside an encoding inside an encoding; nobody honest goes deeper. */
const MAX_DEPTH = 3;
/** Code units of decoded text for each of the leaf, and the least for a short one. Layers cannot double a text for ever. */
const BUDGET_PER_UNIT = 6;
const LEAST_BUDGET = 131_072;

/** Everything hidden in a text, layer by layer; `exhausted` when something in it was not looked at. */
export function decodeAll(raw: View): Pick<Views, 'decoded' | 'exhausted'> {
  const decoded: View[] = [];
  let layer: View[] = [raw];
  let budget = Math.max(LEAST_BUDGET, BUDGET_PER_UNIT * raw.text.length);
  for (let depth = 0; layer.length > 0; depth += 1) {
    layer = layer.flatMap(decodeOnce);
    budget -= layer.reduce((sum, view) => sum + view.text.length, 0);
    const exhausted = budget < 0 || (depth === MAX_DEPTH && layer.length > 0);
    if (exhausted) return { decoded, exhausted };
    decoded.push(...layer);
  }
  return { decoded, exhausted: false };
}

function decodeOnce(outer: View): View[] {
  const escapes = decodeEscapes(outer.text);
  const inner = escapes ? [...decodeRuns(outer.text), escapes] : decodeRuns(outer.text);
  return inner.map((view) => compose(outer, view));
}
