import { type FieldRelease, noteFailures } from './field-release.ts';
import type { FieldInspector, FieldMatch } from './scanner.ts';
import { type Looked, ScannerSet } from './scanner-set.ts';
import type { TextWindow } from './text-window.ts';

/**
 * Inspectors that see a field, hold nothing and change nothing. What they report follows the released text, so that it does
 * not depend on how much text happened to have arrived behind it.
 */
export class Observers {
  readonly #set: ScannerSet;
  #seen: FieldMatch[] = [];

  constructor(sources: readonly FieldInspector[], now: () => number) {
    this.#set = new ScannerSet(sources, now);
  }

  get settled(): number {
    return this.#set.settled;
  }

  look(window: TextWindow, final: boolean, release: FieldRelease): void {
    this.#keep(
      this.#set.each((scanner) => scanner.scan(window, final)),
      release,
    );
  }

  /** Reports what lies wholly before `position`. */
  passed(position: number, release: FieldRelease): void {
    if (this.#seen.length === 0) return;
    release.matches.push(...this.#seen.filter((match) => match.end < position));
    this.#seen = this.#seen.filter((match) => match.end >= position);
  }

  /** The field ends here for everybody, because it was blocked. */
  stopAt(window: TextWindow, position: number, release: FieldRelease): void {
    this.#keep(
      this.#set.each((scanner) => scanner.scanUntil(window, position)),
      release,
    );
    this.passed(position, release);
  }

  limitHold(window: TextWindow, release: FieldRelease): void {
    this.#keep(
      this.#set.each((scanner) => scanner.checkLag(window.end)),
      release,
    );
  }

  #keep(looked: Looked, release: FieldRelease): void {
    this.#seen.push(...noteFailures(looked, release));
  }
}
