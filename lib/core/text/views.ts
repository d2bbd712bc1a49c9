/** A text derived from a leaf, with a way back: `origin[i]` is the offset in the leaf of the view's i-th code unit. */
export interface View {
  readonly name: 'raw' | 'normal' | 'decoded';
  readonly text: string;
  /** Undefined for the raw view, and wherever else nothing moved (identity). Has one more entry than `text` is long: the end. */
  readonly origin?: Uint32Array;
}

/** The ways a leaf is looked at. Built once, on first use. */
export interface Views {
  readonly raw: View;
  /** NFKC, invisible characters removed, confusables folded, lower case. */
  readonly normal: View;
  /** Texts hidden in the leaf (base64, hex, URL, HTML, …). */
  readonly decoded: readonly View[];
  /** More is hidden in the leaf than was decoded: nobody may say that all of it was looked at. */
  readonly exhausted: boolean;
  /** The normal view once more with spelling tricks undone (leetspeak, s p a c e d letters, rot13, backwards); normalised. */
  readonly respelled?: readonly View[];
  /** Count of characters that hardly occur in honest text (tag characters, bidi overrides, zero-width runs). */
  readonly suspicious: number;
}
