import { applyReplacements } from './edits.ts';
import { emptyRelease, type FieldRelease, noteFailures } from './field-release.ts';
import { Observers } from './observers.ts';
import { clearOf, firstStart, resolveOverlaps } from './overlaps.ts';
import type { FieldInspector, FieldMatch } from './scanner.ts';
import { type Looked, ScannerSet } from './scanner-set.ts';
import { NOWHERE, TextWindow } from './text-window.ts';

/** The text is always looked at when this many code units more have arrived, so that a limit strikes alike for every cut. */
const CHECKPOINT = 4096;
/** When the oldest unsettled text is further back than this, the field is looked at less often: long holds stay linear. */
const LONG_LAG = 1024;

export interface FieldGuard {
  push(chunk: string): FieldRelease;
  /** The field is complete. */
  end(): FieldRelease;
  /** Code units that arrived and whose fate is open. */
  readonly held: number;
}

/**
 * Guards one growing text: releases it only as far as no inspector can still find something in it. For every way of cutting
 * the text into chunks the released text, the matches and the block are the same, as long as the inspectors keep the contract
 * of `Inspector`. A block releases the text up to the start of everything that overlaps the blocking match.
 * `now` is a clock in microseconds.
 */
export function createFieldGuard(inspectors: readonly FieldInspector[], now: () => number): FieldGuard {
  return new GuardedField(inspectors, now);
}

class GuardedField implements FieldGuard {
  readonly #window = new TextWindow();
  readonly #holding: ScannerSet;
  readonly #observers: Observers;
  /** Matches whose place is not released yet. */
  #pending: FieldMatch[] = [];
  #released = 0;
  #looked = 0;
  /** Everything from here on is for the reviewer. */
  #withholdFrom = NOWHERE;
  #closed = false;

  constructor(inspectors: readonly FieldInspector[], now: () => number) {
    this.#holding = new ScannerSet(
      inspectors.filter(({ holds }) => holds),
      now,
    );
    this.#observers = new Observers(
      inspectors.filter(({ holds }) => !holds),
      now,
    );
  }

  get held(): number {
    return this.#closed ? 0 : this.#window.received - this.#released;
  }

  push(chunk: string): FieldRelease {
    const release = emptyRelease(this.#escalated);
    for (let at = 0; at < chunk.length && !this.#closed; ) {
      const room = CHECKPOINT - (this.#window.received % CHECKPOINT);
      this.#window.append(chunk.slice(at, at + room));
      at += room;
      if (this.#isDue()) this.#advance(false, release);
    }
    return release;
  }

  end(): FieldRelease {
    const release = emptyRelease(this.#escalated);
    if (this.#closed) return release;
    this.#window.close();
    this.#advance(true, release);
    this.#closed = true;
    return release;
  }

  get #escalated(): boolean {
    return this.#withholdFrom !== NOWHERE;
  }

  get #oldest(): number {
    return Math.min(this.#window.end, this.#holding.settled, this.#observers.settled);
  }

  #isDue(): boolean {
    const { received, end } = this.#window;
    const lag = end - this.#oldest;
    return received % CHECKPOINT === 0 || lag <= LONG_LAG || end - this.#looked >= lag >> 3;
  }

  #advance(final: boolean, release: FieldRelease): void {
    this.#keep(
      this.#holding.each((scanner) => scanner.scan(this.#window, final)),
      release,
    );
    if (this.#closed) return;
    this.#observers.look(this.#window, final, release);
    this.#looked = this.#window.end;

    const frontier = Math.min(this.#window.end, this.#holding.settled);
    if (firstStart(this.#pending, 'block') < frontier) this.#block(release);
    else this.#passTo(frontier, final, release);
  }

  #passTo(frontier: number, final: boolean, release: FieldRelease): void {
    const whole = this.#window.cutsPair(frontier) ? frontier - 1 : frontier;
    this.#emit(clearOf(this.#pending, whole), release);
    this.#observers.passed(final ? NOWHERE : this.#released, release);
    if (this.#window.received % CHECKPOINT === 0) this.#limitHolds(release);
    this.#window.trim(Math.min(this.#oldest, this.#released));
  }

  /** Lets everything up to `to` out, edited. */
  #emit(to: number, release: FieldRelease): void {
    if (to <= this.#released) return;
    const passed = this.#take((match) => match.start < to);
    const escalation = firstStart(passed, 'escalate');
    if (escalation < to) this.#withhold(clearOf(passed, escalation));

    const cut = Math.min(Math.max(this.#withholdFrom, this.#released), to);
    release.text += this.#edited(this.#released, cut, passed);
    release.withheld += this.#edited(cut, to, passed);
    release.escalated = this.#escalated;
    release.matches.push(...passed);
    this.#released = to;
  }

  #edited(from: number, to: number, matches: readonly FieldMatch[]): string {
    if (matches.length === 0) return this.#window.slice(from, to);
    const inside = matches.filter((match) => match.start >= from && match.end <= to);
    const edits = resolveOverlaps(inside).map(({ start, end, replacement }) => {
      return { start: start - from, end: end - from, replacement };
    });
    return applyReplacements(this.#window.slice(from, to), edits);
  }

  #block(release: FieldRelease): void {
    const start = firstStart(this.#pending, 'block');
    this.#emit(clearOf(this.#pending, start), release);
    const last = this.#take((match) => match.start <= start);
    release.matches.push(...last);
    this.#observers.stopAt(this.#window, start, release);
    const blocking = last.find((match) => match.action === 'block' && match.start === start);
    this.#close(release, blocking?.step ?? 0, blocking?.message);
  }

  #take(passed: (match: FieldMatch) => boolean): FieldMatch[] {
    if (this.#pending.length === 0) return [];
    const taken = this.#pending.filter(passed).sort((a, b) => a.start - b.start || a.step - b.step);
    this.#pending = this.#pending.filter((match) => !passed(match));
    return taken;
  }

  #limitHolds(release: FieldRelease): void {
    this.#keep(
      this.#holding.each((scanner) => scanner.checkLag(this.#window.end)),
      release,
    );
    this.#observers.limitHold(this.#window, release);
  }

  /** Keeps what was found and lets `on_error` decide about what failed. */
  #keep(looked: Looked, release: FieldRelease): void {
    this.#pending.push(...noteFailures(looked, release));
    for (const { source } of looked.failed) {
      if (source.onError === 'block') this.#close(release, source.step);
      if (source.onError === 'escalate') this.#withhold(this.#released);
    }
    release.escalated = this.#escalated;
  }

  #withhold(from: number): void {
    this.#withholdFrom = Math.min(this.#withholdFrom, from);
  }

  #close(release: FieldRelease, step: number, message?: string): void {
    release.blocked ??= message === undefined ? { step } : { step, message };
    this.#closed = true;
  }
}
