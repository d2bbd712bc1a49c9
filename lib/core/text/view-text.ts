import type { Span } from '#core/policy/policy.ts';
import type { View } from './views.ts';

/** Collects a derived text together with where each code unit came from. */
export class ViewWriter {
  readonly #name: View['name'];
  #origin: Uint32Array;
  #length = 0;
  #text = '';

  /** `expected`: code units to make room for; more may come. */
  constructor(name: View['name'], expected = 64) {
    this.#name = name;
    this.#origin = new Uint32Array(expected);
  }

  get length(): number {
    return this.#length;
  }

  /** Every code unit of `text` came from `offset`. */
  write(text: string, offset: number): void {
    const from = this.#add(text);
    this.#origin.fill(offset, from, from + text.length);
  }

  /** The code units of `text` came from `offset` on, one after the other, in a text with this way back (none: the leaf). */
  writeFrom(text: string, origin: Uint32Array | undefined, offset: number): void {
    const from = this.#add(text) - offset;
    const own = this.#origin;
    for (let i = offset; i < offset + text.length; i += 1) own[from + i] = origin ? (origin[i] ?? 0) : i;
  }

  finish(end: number): View {
    const origin = new Uint32Array(this.#length + 1);
    origin.set(this.#origin.subarray(0, this.#length));
    origin[this.#length] = end;
    return { name: this.#name, text: this.#text, origin };
  }

  /** Makes room and gives the place where the way back of `text` begins. */
  #add(text: string): number {
    const from = this.#length;
    const length = from + text.length;
    this.#text += text;
    this.#length = length;
    if (length > this.#origin.length) {
      const larger = new Uint32Array(Math.max(length, this.#origin.length * 2));
      larger.set(this.#origin);
      this.#origin = larger;
    }
    return from;
  }
}

const PARAGRAPH = '\n\n';

/** Texts of one leaf as paragraphs of one text. What stands between two came from the end of the first. */
export function joinViews(views: readonly View[]): View {
  const writer = new ViewWriter('decoded');
  let end = 0;
  for (const { text, origin } of views) {
    if (writer.length > 0) writer.write(PARAGRAPH, end);
    writer.writeFrom(text, origin, 0);
    end = origin?.[text.length] ?? text.length;
  }
  return writer.finish(end);
}

/** Where in the leaf a range of a view stands. Text that was decoded as a whole gives the whole encoded run. */
export function leafSpan(view: View, start: number, end: number): Span {
  const { origin, text } = view;
  if (!origin) return { start, end };
  const last = origin[Math.max(end - 1, start)] ?? 0;
  const next = firstAfter(origin, last, end, text.length);
  return { start: origin[start] ?? 0, end: origin[next] ?? last };
}

/** The first place from `from` on that came from behind `offset`. Halves the range: decoded runs are long, and full of findings. */
function firstAfter(origin: Uint32Array, offset: number, from: number, to: number): number {
  let low = from;
  let high = Math.max(from, to);
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((origin[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A view of a view, with the way back to the leaf. */
export function compose(outer: View, inner: View): View {
  if (!outer.origin) return inner;
  if (!inner.origin) return { ...inner, origin: outer.origin };
  const origin = new Uint32Array(inner.origin.length);
  for (let i = 0; i < origin.length; i += 1) origin[i] = outer.origin[inner.origin[i] ?? 0] ?? 0;
  return { ...inner, origin };
}
