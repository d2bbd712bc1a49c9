import type { ChainStep } from '#core/pack/pack.ts';
import {
  type AnswerDelta,
  type AnswerOutcome,
  type AnswerPiece,
  type HoldStatistics,
  inAnswerOrder,
} from './answer.ts';
import { concludeAnswer } from './answer-outcome.ts';
import { answerTexts, editAnswer } from './answer-texts.ts';
import { createFieldGuard, type FieldGuard } from './field-guard.ts';
import type { FieldRelease } from './field-release.ts';
import { blockFixed } from './input-edits.ts';
import { withoutEscapes } from './json-literals.ts';
import { OutputStep } from './output-step.ts';
import type { Catalogue, ExchangeFacts, FieldKind, Verdict, WholeAnswer } from './policy.ts';
import type { AskRemote } from './remote.ts';
import { hearRemotes } from './remote-step.ts';
import type { FieldInspector } from './scanner.ts';
import { createToolGuard } from './tool-guard.ts';

export interface AnswerGuardOptions {
  readonly steps: readonly ChainStep[];
  readonly catalogue: Catalogue;
  /** `verdicts` is replaced by what the output phase says itself. */
  readonly facts: Omit<ExchangeFacts, 'verdicts'>;
  /** Microseconds. */
  now(): number;
  /** Ask remote detectors: those the answer waits for, and those that only record. Without it nobody is asked (dry runs). */
  readonly ask?: Askers;
}

interface Askers {
  readonly deciding: AskRemote;
  readonly recording: AskRemote;
}

interface AnswerEnd {
  readonly released: readonly AnswerPiece[];
  readonly outcome: AnswerOutcome;
}

export interface AnswerGuard {
  /** What may go to the client now. Once `blocked`, nothing follows: call `finish` for the outcome. */
  push(delta: AnswerDelta): { readonly released: readonly AnswerPiece[]; readonly blocked: boolean };
  /** The answer is complete (or blocked). What is released here comes before the finish reason. */
  finish(finishReasons: readonly string[]): AnswerEnd;
  /** After `finish`: remote detectors decide about the answer. Nothing was released; `conclude` asks them. */
  readonly asks: boolean;
  conclude(): Promise<AnswerEnd>;
  /** At the very end: there are remote detectors that only record. `observe` asks them, when the client has everything. */
  readonly observes: boolean;
  observe(): Promise<AnswerOutcome>;
  /** There is text that waits: the client needs heartbeats. */
  readonly held: boolean;
  /** Code units that wait. */
  readonly heldChars: number;
}

/**
 * Guards a whole answer, streamed or not: each field of each choice by itself, then the judges in the order of the chain. What is
 * released in total, the verdict and the findings do not depend on how the answer was cut. Never throws.
 */
export function createAnswerGuard(options: AnswerGuardOptions): AnswerGuard {
  return new GuardedAnswer(options);
}

interface Field {
  readonly choice: number;
  readonly kind: FieldKind;
  readonly index: number;
  readonly guard: FieldGuard;
  readonly inspectors: readonly FieldInspector[];
  /** Everything guarded so far, released or not. */
  text: string;
}

class GuardedAnswer implements AnswerGuard {
  readonly #now: () => number;
  readonly #verdicts = new Map<string, Verdict>();
  readonly #steps: readonly OutputStep[];
  readonly #fields = new Map<string, Field>();
  readonly #probe: boolean;
  readonly #whole: boolean;
  readonly #holdsTools: boolean;
  #blockedBy: OutputStep | undefined;
  #escalated = false;
  #outcome: AnswerOutcome | undefined;
  /** Code units whose fate the field guards have not decided, and code units that wait for the end of the answer. */
  #open = 0;
  #waiting = 0;
  #hold: HoldStatistics = { pushes: 0, max: 0, sum: 0 };
  readonly #vault: ReadonlyMap<string, string>;
  readonly #ask: Askers | undefined;
  readonly #asking: readonly OutputStep[];
  #answer: AnswerPiece[] = [];
  #finishReasons: readonly string[] = [];
  #concluded = false;

  constructor({ steps, catalogue, facts, now, ask }: AnswerGuardOptions) {
    this.#now = now;
    this.#ask = ask;
    this.#vault = facts.vault;
    const all = { ...facts, verdicts: this.#verdicts };
    this.#steps = steps
      .filter((step) => !catalogue.has(step.kind) || catalogue.get(step.kind)?.output)
      .map((step, index) => new OutputStep(index, step, catalogue, all, now));
    this.#blockedBy = this.#steps.find((step) => step.action === 'block');
    this.#escalated = this.#steps.some((step) => step.action === 'escalate');
    this.#probe = facts.probe;
    this.#asking = ask && !facts.probe ? this.#steps.filter((step) => step.asks) : [];
    this.#whole = !facts.probe && this.#steps.some((step) => step.needsWhole);
    this.#holdsTools = this.#steps.some(
      (step) => step.holds && (step.inspector('tool-name') ?? step.inspector('tool-arguments')),
    );
  }

  get held(): boolean {
    return this.heldChars > 0;
  }

  get heldChars(): number {
    return this.#blockedBy || this.#outcome ? 0 : this.#open + this.#waiting;
  }

  push(delta: AnswerDelta): { released: AnswerPiece[]; blocked: boolean } {
    if (this.#blockedBy || this.#outcome) return { released: [], blocked: this.#blockedBy !== undefined };
    const field = this.#field(delta);
    for (const { step } of field.inspectors) this.#see(step, delta.text.length);
    const before = field.guard.held;
    const released = this.#take(field, field.guard.push(delta.text));
    this.#open += field.guard.held - before;
    this.#countHold();
    return { released, blocked: this.#blockedBy !== undefined };
  }

  get asks(): boolean {
    return this.#outcome !== undefined && !this.#blockedBy && !this.#concluded && this.#decider !== undefined;
  }

  get observes(): boolean {
    return !this.#blockedBy && this.#asking.some((step) => !step.needsWhole);
  }

  finish(finishReasons: readonly string[]): AnswerEnd {
    if (this.#outcome) return { released: [], outcome: this.#outcome };
    const fields = [...this.#fields.values()].sort(inAnswerOrder);
    const released = fields.flatMap((field) => this.#end(field));
    this.#answer = fields.map(({ choice, kind, index, text }) => ({ choice, kind, index, text }));
    this.#finishReasons = finishReasons;
    if (!this.#blockedBy && !this.#probe) this.#judgeLocally();

    this.#outcome = this.#conclusion();
    return { released: this.asks ? [] : this.#freed(released), outcome: this.#outcome };
  }

  async conclude(): Promise<AnswerEnd> {
    const first = this.#decider;
    for (const step of this.#steps.filter(({ index }) => first && index >= first.index)) {
      if (step !== first) this.#judge([step]);
      if (!this.#blockedBy && this.#asking.includes(step) && step.needsWhole) await this.#askAbout(step);
      if (this.#blockedBy) break;
    }
    this.#concluded = true;
    this.#outcome = this.#conclusion();
    return { released: this.#freed([]), outcome: this.#outcome };
  }

  async observe(): Promise<AnswerOutcome> {
    for (const step of this.#asking.filter(({ needsWhole }) => !needsWhole)) await this.#askAbout(step);
    this.#outcome = this.#conclusion();
    return this.#outcome;
  }

  /** The first step that somebody elsewhere has a say in. */
  get #decider(): OutputStep | undefined {
    return this.#asking.find((step) => step.needsWhole);
  }

  /** Who stands behind a remote detector waits for its word, unless it would stop the answer anyway: then nobody is asked. */
  #judgeLocally(): void {
    const last = this.#decider?.index ?? this.#steps.length;
    this.#judge(this.#steps.filter(({ index }) => index <= last));
    if (this.#blockedBy) return;
    const whole = this.#whole ? this.#wholeAnswer() : undefined;
    const stopper = whole && this.#steps.find((step) => step.index > last && step.wouldBlock(whole));
    if (stopper) this.#judge([stopper]);
  }

  async #askAbout(step: OutputStep): Promise<void> {
    const texts = answerTexts(this.#answer, this.#vault);
    const ask = step.needsWhole ? this.#ask?.deciding : this.#ask?.recording;
    const said = ask && (await hearRemotes(step.step, () => step.inquire(texts), texts, ask, this.#now));
    if (!said) return;
    const verdict = said.verdict && blockFixed(said.verdict, texts);
    const action = step.heard(verdict ? { ...said, verdict, action: verdict.action } : said);
    if (step.step.mode === 'enforce') this.#verdicts.set(step.step.kind, step.verdict());
    if (action === 'redact') this.#answer = editAnswer(this.#answer, texts, verdict?.edits ?? []);
    if (action === 'escalate') this.#escalated = true;
    if (action === 'block') this.#blockBy(step, step.message);
  }

  #conclusion(): AnswerOutcome {
    return concludeAnswer(this.#steps, this.#blockedBy, this.#answer, this.#hold);
  }

  #wholeAnswer(): WholeAnswer {
    return { fields: this.#answer.map(readable), finishReasons: this.#finishReasons };
  }

  /** A tool call is worth nothing in part: none goes out of an answer that is stopped. */
  #freed(released: readonly AnswerPiece[]): AnswerPiece[] {
    const stopped = this.#blockedBy !== undefined || this.#escalated;
    if (this.#whole) return stopped ? [] : this.#answer.filter(({ text }) => text !== '');
    return released.filter(({ kind }) => !stopped || !kind.startsWith('tool-'));
  }

  #field({ choice, kind, index = 0 }: AnswerDelta): Field {
    const key = `${choice}/${kind}/${index}`;
    const known = this.#fields.get(key);
    if (known) return known;
    const inspectors = this.#steps.flatMap((step) => step.inspector(kind) ?? []);
    const guard = this.#guard(kind, inspectors);
    const field = { choice, kind, index, guard, inspectors, text: '' };
    this.#fields.set(key, field);
    return field;
  }

  #guard(kind: FieldKind, inspectors: readonly FieldInspector[]): FieldGuard {
    if (kind !== 'tool-name' && kind !== 'tool-arguments') return createFieldGuard(inspectors, this.#now);
    return createToolGuard(kind, inspectors, this.#holdsTools, this.#now);
  }

  #end(field: Field): AnswerPiece[] {
    return this.#blockedBy ? [] : this.#take(field, field.guard.end());
  }

  /** Books what a field's guard let out and returns what of it may go to the client. */
  #take(field: Field, release: FieldRelease): AnswerPiece[] {
    const { choice, kind, index } = field;
    const waits = this.#whole || this.#escalated;
    for (const match of release.matches) this.#steps[match.step]?.saw(match, `choice ${choice} ${kind}`);
    for (const { step, failure } of release.failures) {
      this.#steps[step]?.fail(failure, this.#steps[step]?.holds ?? true);
    }
    field.text += release.text + release.withheld;
    this.#waiting += release.withheld.length + (waits ? release.text.length : 0);
    this.#escalated ||= release.escalated;
    if (release.blocked) this.#blockBy(this.#steps[release.blocked.step], release.blocked.message);
    return waits || release.text === '' ? [] : [{ choice, kind, index, text: release.text }];
  }

  #judge(steps: readonly OutputStep[]): void {
    const answer = this.#wholeAnswer();
    const length = answer.fields.reduce((sum, { text }) => sum + text.length, 0);
    for (const step of steps) {
      if (step.judges) step.seen = Math.max(step.seen, length);
      const action = step.judge(answer);
      if (step.step.mode === 'enforce') this.#verdicts.set(step.step.kind, step.verdict());
      if (action === 'escalate') this.#escalated = true;
      if (action === 'block') this.#blockBy(step, step.message);
      if (action === 'block') return;
    }
  }

  #blockBy(step: OutputStep | undefined, message: string | undefined): void {
    if (!step) return;
    step.blocks(message);
    this.#blockedBy = step;
  }

  #see(step: number, length: number): void {
    const seeing = this.#steps[step];
    if (seeing) seeing.seen += length;
  }

  #countHold(): void {
    const now = this.heldChars;
    const { pushes, max, sum } = this.#hold;
    this.#hold = { pushes: pushes + 1, max: Math.max(max, now), sum: sum + now };
  }
}

/** A judge reads what the tool would read. */
function readable(piece: AnswerPiece): AnswerPiece {
  return piece.kind === 'tool-arguments' ? { ...piece, text: withoutEscapes(piece.text) } : piece;
}
