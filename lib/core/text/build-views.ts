import type { InputText, Leaf } from '#core/policy/policy.ts';
import { decodeAll } from './decode-layers.ts';
import { countSuspicious } from './invisible.ts';
import { normalizeText } from './normalize.ts';
import { respell } from './respell.ts';
import { compose } from './view-text.ts';
import type { View, Views } from './views.ts';

/** The ways to look at one text. Linear in its length. */
export function buildViews(text: string): Views {
  const raw: View = { name: 'raw', text };
  const normal = normalizeText(text);
  return {
    raw,
    normal,
    ...decodeAll(raw),
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
