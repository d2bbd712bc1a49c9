const SHOWN = '[key]';
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/**
 * A credential on its way: an app key, or a provider's. It cannot be printed by accident: templates, JSON, `console.log`, errors
 * and clones show `[key]` or nothing. Only `reveal` gives the text, where it is hashed, compared or put into a header.
 */
export class Key {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [INSPECT](): string {
    return SHOWN;
  }
}
