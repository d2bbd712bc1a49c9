import { cutsPair, endsInHalfPair } from './edits.ts';

/** What stays visible before the oldest position anybody still needs: the largest `leftContext` an inspector may ask for. */
const LEFT_CONTEXT = 256;
const TRIM_AT = 1024;

/** The position after every text. */
export const NOWHERE = Number.POSITIVE_INFINITY;

/** The part of a growing text that is still needed. Positions are absolute; the text never ends in half a surrogate pair. */
export class TextWindow {
  text = '';
  /** Absolute position of the first code unit of `text`. */
  base = 0;
  #half = '';

  /** Absolute position after the last code unit that inspectors may see. */
  get end(): number {
    return this.base + this.text.length;
  }

  /** All code units that ever arrived. */
  get received(): number {
    return this.end + this.#half.length;
  }

  append(chunk: string): void {
    const arrived = this.#half + chunk;
    this.#half = endsInHalfPair(arrived) ? arrived.slice(-1) : '';
    this.text += this.#half ? arrived.slice(0, -1) : arrived;
  }

  /** The text will not grow: a lonely half becomes visible. */
  close(): void {
    this.text += this.#half;
    this.#half = '';
  }

  slice(from: number, to: number): string {
    return this.text.slice(from - this.base, to - this.base);
  }

  cutsPair(at: number): boolean {
    return cutsPair(this.text, at - this.base);
  }

  /** Forgets what lies more than the left context before `needed`; rarely, because each time costs a copy. */
  trim(needed: number): void {
    const waste = needed - LEFT_CONTEXT - this.base;
    if (waste < TRIM_AT) return;
    this.text = this.text.slice(waste);
    this.base += waste;
  }
}
