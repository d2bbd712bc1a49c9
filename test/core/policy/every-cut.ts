import { createFieldGuard } from '#core/policy/field-guard.ts';
import type { Inspector, Match } from '#core/policy/policy.ts';
import type { FieldInspector } from '#core/policy/scanner.ts';
import { showMatch } from './expected-guard.ts';

/** States of a guard after one text, each with one way to get there: the pieces that were pushed. */
type States = ReadonlyMap<string, readonly string[]>;

/**
 * Every way of cutting a text without trying all 2^(n-1) of them: two ways that leave a guard in the same state are one from there on.
 * A state is what the guard has said, what it holds, and for each inspector where it stands and what it has found; of a text shorter
 * than the window that is all that a guard remembers.
 */
export class EveryCut {
  readonly #inspectors: readonly FieldInspector[];
  readonly #before: string;
  /** By the length of the text so far. */
  readonly #states: States[];
  readonly text: string;

  /** `before` arrives in one piece. */
  constructor(inspectors: readonly FieldInspector[], before = '', text = '', states?: readonly States[]) {
    this.#inspectors = inspectors;
    this.#before = before;
    this.text = text;
    const start = before === '' ? [] : [before];
    this.#states = states ? [...states] : [new Map([['', start]])];
  }

  /** The same text with one code unit more. */
  with(letter: string): EveryCut {
    const text = this.text + letter;
    const states = new Map<string, readonly string[]>();
    for (const [cut, known] of this.#states.entries()) {
      for (const pieces of known.values()) {
        const more = [...pieces, text.slice(cut)];
        const key = stateAfter(more, this.#inspectors);
        if (!states.has(key)) states.set(key, more);
      }
    }
    return new EveryCut(this.#inspectors, this.#before, text, [...this.#states, states]);
  }

  /** What comes out for every way of cutting, after `rest` in one piece and the end. One entry when the cut does not matter. */
  outcomes(rest = ''): Map<string, readonly string[]> {
    const outcomes = new Map<string, readonly string[]>();
    for (const pieces of this.#states.at(-1)?.values() ?? []) {
      const all = rest === '' ? pieces : [...pieces, rest];
      outcomes.set(outcomeOf(all, this.#inspectors), all);
    }
    return outcomes;
  }
}

/** Text, matches and block of an answer in these pieces, as JSON. */
export function outcomeOf(pieces: readonly string[], inspectors: readonly FieldInspector[]): string {
  const guard = createFieldGuard(inspectors, () => 0);
  const steps = [...pieces.map((piece) => guard.push(piece)), guard.end()];
  return JSON.stringify({
    text: steps.map((step) => step.text).join(''),
    matches: steps.flatMap((step) => step.matches.map(showMatch)).sort(),
    blockedBy: steps.find((step) => step.blocked)?.blocked?.step,
  });
}

function stateAfter(pieces: readonly string[], inspectors: readonly FieldInspector[]): string {
  const watched = inspectors.map((source) => ({ ...source, inspector: new Watched(source.inspector) }));
  const guard = createFieldGuard(watched, () => 0);
  const said = pieces.map((piece) => guard.push(piece));
  return JSON.stringify([
    guard.held,
    said.map((step) => step.text).join(''),
    said.map((step) => step.withheld).join(''),
    said.flatMap((step) => step.matches.map(showMatch)),
    said.flatMap((step) => step.blocked ?? []),
    watched.map(({ inspector }) => inspector.state),
  ]);
}

/** Notes where the guard stands with an inspector, as the guard works it out itself. */
class Watched implements Inspector {
  readonly need: Inspector['need'];
  readonly leftContext: number;
  readonly #inspector: Inspector;
  readonly #found: string[] = [];
  #cursor = 0;
  #hold = 0;

  constructor(inspector: Inspector) {
    this.#inspector = inspector;
    this.need = inspector.need;
    this.leftContext = inspector.leftContext;
  }

  get state(): unknown {
    return [this.#cursor, this.#found];
  }

  hold(text: string, from: number): number {
    this.#hold = this.#inspector.hold(text, from);
    return this.#hold;
  }

  find(text: string, from: number, final: boolean): readonly Match[] {
    const found = this.#inspector.find(text, from, final);
    const hold = final ? text.length : this.#hold;
    const settled = found.filter(({ start }) => start < hold);
    this.#cursor = Math.max(hold, settled.at(-1)?.end ?? 0);
    for (const match of settled)
      this.#found.push(`${match.rule} ${match.start}-${match.end} ${match.action}`);
    return found;
  }
}
