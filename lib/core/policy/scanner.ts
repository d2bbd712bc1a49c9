import { wholePairs } from './edits.ts';
import { PolicyFailure, tookTooLong } from './failure.ts';
import type { Inspector, Match } from './policy.ts';
import { sentenceEnd } from './sentences.ts';
import type { TextWindow } from './text-window.ts';

/** One inspector of one field, with what the chain says about it. */
export interface FieldInspector {
  /** Index of the step in the chain; earlier steps win ties. */
  readonly step: number;
  readonly inspector: Inspector;
  /** False: it sees everything but holds and changes nothing (`observe`, or a policy that needs nothing of the stream). */
  readonly holds: boolean;
  readonly onError: 'block' | 'allow' | 'escalate';
  readonly timeoutMs: number;
  readonly tally: Tally;
}

/** What looking cost, summed over all fields of an answer. */
export interface Tally {
  us: number;
  /** Code units whose judgement is final. */
  scanned: number;
}

/** A match with the step that made it. */
export interface FieldMatch extends Match {
  readonly step: number;
}

/** Code units. A hold longer than this is a broken inspector: `on_error` decides. It bounds the memory of a field. */
const MAX_HOLD = 65_536;

const { isInteger, isFinite: isFiniteNumber } = Number;

const ACTIONS: ReadonlySet<string> = new Set(['redact', 'restore', 'flag', 'block', 'escalate']);

/**
 * Moves one inspector over a growing text. Text before `cursor` is settled and never looked at again, except as left
 * context. An inspector with need `sentence` is shown one whole sentence after the other: `from` is where the sentence
 * starts (or where the inspector's own hold left off), `text` ends where it ends.
 */
export class Scanner {
  readonly source: FieldInspector;
  /** Absolute position; every match that starts before it is known. */
  cursor = 0;
  #sentence = 0;
  readonly #now: () => number;

  constructor(source: FieldInspector, now: () => number) {
    this.source = source;
    this.#now = now;
  }

  /** The matches that became final. Throws when the inspector throws, answers nonsense or takes too long. */
  scan(window: TextWindow, final: boolean): FieldMatch[] {
    const { tally, timeoutMs, inspector } = this.source;
    const before = this.cursor;
    const started = this.#now();
    const found =
      inspector.need === 'sentence'
        ? this.#readSentences(window, final)
        : this.#look(window.text, window.base, final);
    const us = this.#now() - started;
    tally.us += us;
    tally.scanned += this.cursor - before;
    if (us > timeoutMs * 1000) throw new PolicyFailure(tookTooLong(us, timeoutMs));
    return found;
  }

  /** The matches in the text up to `end` as if nothing came after: those that reach `end` could look different with more. */
  scanUntil(window: TextWindow, end: number): FieldMatch[] {
    return end > this.cursor ? this.#look(window.slice(window.base, end), window.base, true) : [];
  }

  /** Throws when text has waited for longer than any honest match is; nothing is found. */
  checkLag(end: number): readonly FieldMatch[] {
    if (end - this.cursor <= MAX_HOLD) return [];
    throw new PolicyFailure(`holds back more than ${MAX_HOLD} characters`);
  }

  #readSentences(window: TextWindow, final: boolean): FieldMatch[] {
    const found: FieldMatch[] = [];
    for (;;) {
      const end = sentenceEnd(window.text, this.#sentence - window.base);
      if (end < 0) break;
      found.push(...this.#look(window.text.slice(0, end), window.base, false));
      this.#sentence = window.base + end;
    }
    if (final) found.push(...this.#look(window.text, window.base, true));
    return found;
  }

  #look(text: string, base: number, final: boolean): FieldMatch[] {
    const { inspector, step } = this.source;
    const from = this.cursor - base;
    if (from >= text.length) return [];
    const hold = final ? text.length : checkHold(inspector.hold(text, from), from, text.length);
    if (hold === from) return [];

    const found = checkMatches(inspector.find(text, from, final), from, text.length);
    const settled = found.filter((match) => match.start < hold);
    this.cursor = base + Math.max(hold, settled.at(-1)?.end ?? 0);
    return settled.map((match) => shift(wholePairs(text, match), base, step));
  }
}

function shift(match: Match, base: number, step: number): FieldMatch {
  return { ...match, start: match.start + base, end: match.end + base, step };
}

function checkHold(hold: number, from: number, end: number): number {
  if (isInteger(hold) && hold >= from && hold <= end) return hold;
  throw new PolicyFailure('hold lies outside the text');
}

function checkMatches(matches: readonly Match[], from: number, end: number): readonly Match[] {
  if (!Array.isArray(matches)) throw new PolicyFailure('find returned no list');
  let last = from;
  for (const match of matches) {
    if (!isSpan(match, last, end)) throw new PolicyFailure('match outside the text or out of order');
    if (!isMatch(match)) throw new PolicyFailure('match without rule, score, action or replacement');
    last = match.end;
  }
  return matches;
}

function isSpan(match: Match, from: number, end: number): boolean {
  const { start, end: stop } = match;
  return isInteger(start) && isInteger(stop) && start >= from && start < stop && stop <= end;
}

function isMatch(match: Match): boolean {
  const replaces = match.action === 'redact' || match.action === 'restore';
  if (replaces && typeof match.replacement !== 'string') return false;
  return typeof match.rule === 'string' && isFiniteNumber(match.score) && ACTIONS.has(match.action);
}
