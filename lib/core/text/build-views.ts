import type { InputText, Leaf } from '#core/policy/policy.ts';
import { decodeEscapes } from './decode-escapes.ts';
import { decodeRuns } from './decode-runs.ts';
import { countSuspicious } from './invisible.ts';
import { normalizeText } from './normalize.ts';
import { respell } from './respell.ts';
import { compose } from './view-text.ts';
import type { View, Views } from './views.ts';

/** An encoding inside an encoding inside an encoding; nobody honest goes deeper. */
const MAX_DEPTH = 3;
const MAX_DECODED_VIEWS = 24;
/** Code units of decoded text per leaf. Escapes may keep a text's whole length, so it is bounded by the leaf as well. */
const MAX_DECODED = 131_072;

/** The ways to look at one text. Linear in its length. */
export function buildViews(text: string): Views {
  const raw: View = { name: 'raw', text };
  const normal = normalizeText(text);
  return {
    raw,
    normal,
    decoded: decodeAll(raw),
    respelled: respell(normal),
    suspicious: countSuspicious(text),
  };
}

/** A leaf that no policy edited is the same object after every redaction of another one, and keeps its views. */
const built = new WeakMap<Leaf, Views>();

/** Wraps leaves so that all policies of a chain share their views, built on first use. */
export function createInputText(leaves: readonly Leaf[]): InputText {
  return {
    leaves,
    views: (index) => {
      const leaf = leaves[index];
      return leaf ? viewsOf(leaf) : buildViews('');
    },
  };
}

function viewsOf(leaf: Leaf): Views {
  const known = built.get(leaf);
  if (known) return known;
  const views = buildViews(leaf.text);
  built.set(leaf, views);
  return views;
}

/** A decoded view in normal form, with the way back to the leaf. */
export function normalizeView(view: View): View {
  return { ...compose(view, normalizeText(view.text)), name: 'decoded' };
}

function decodeAll(raw: View): View[] {
  const found: View[] = [];
  let layer: View[] = [raw];
  let budget = Math.max(MAX_DECODED, raw.text.length);
  for (let depth = 0; depth < MAX_DEPTH && layer.length > 0; depth += 1) {
    const next: View[] = [];
    for (const outer of layer) {
      for (const inner of decodeOnce(outer.text)) {
        if (found.length >= MAX_DECODED_VIEWS || inner.text.length > budget) break;
        budget -= inner.text.length;
        const view = compose(outer, inner);
        found.push(view);
        next.push(view);
      }
    }
    layer = next;
  }
  return found;
}

function decodeOnce(text: string): View[] {
  const escapes = decodeEscapes(text);
  return escapes ? [...decodeRuns(text), escapes] : decodeRuns(text);
}
