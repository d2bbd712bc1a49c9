import { describeFailure } from './failure.ts';
import { type FieldInspector, type FieldMatch, Scanner } from './scanner.ts';
import { NOWHERE } from './text-window.ts';

export interface Looked {
  readonly found: FieldMatch[];
  readonly failed: { readonly source: FieldInspector; readonly failure: string }[];
}

/** Scanners that look at the same field. One that fails is dropped and reported; the others go on. */
export class ScannerSet {
  #scanners: Scanner[];

  constructor(sources: readonly FieldInspector[], now: () => number) {
    this.#scanners = sources.map((source) => new Scanner(source, now));
  }

  /** The position before which every match of every scanner is known; NOWHERE without scanners. */
  get settled(): number {
    let least = NOWHERE;
    for (const { cursor } of this.#scanners) if (cursor < least) least = cursor;
    return least;
  }

  each(look: (scanner: Scanner) => readonly FieldMatch[]): Looked {
    const looked: Looked = { found: [], failed: [] };
    for (const scanner of this.#scanners) {
      try {
        looked.found.push(...look(scanner));
      } catch (error) {
        looked.failed.push({ source: scanner.source, failure: describeFailure(error) });
        this.#scanners = this.#scanners.filter((other) => other !== scanner);
      }
    }
    return looked;
  }
}
