import type { PolicyRecord } from '#core/ledger/event.ts';
import type { ChainStep } from '#core/pack/pack.ts';
import {
  type ChainVerdict,
  chainVerdict,
  countRules,
  failureAction,
  POLICY_ERROR,
  placesOf,
  policyRecord,
  type StepReport,
} from './chain.ts';
import { checkVerdict } from './check-verdict.ts';
import { attempt, PolicyFailure, type Trial } from './failure.ts';
import { blockFixed, editLeaves, relocate } from './input-edits.ts';
import type { Action, Catalogue, ExchangeFacts, InputText, Leaf, Policy, Verdict } from './policy.ts';

/** What the chain needs from its caller: a clock in microseconds and the way leaves become views. */
export interface InputTools {
  now(): number;
  buildInput(leaves: readonly Leaf[]): InputText;
}

/** What the input phase decided. `leaves` are the ones given, in the same order, with every redaction applied. */
export interface InputOutcome {
  readonly verdict: ChainVerdict;
  /** The kind that blocked. */
  readonly blockedBy?: string;
  /** The first kind that escalated. */
  readonly escalatedBy?: string;
  /** The blocking or escalating policy's own text for the person; the pack's message when absent. */
  readonly message?: string;
  readonly leaves: readonly Leaf[];
  readonly records: readonly PolicyRecord[];
  /** What the enforcing steps said, by kind. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Kinds that failed and were passed over (`on_error: allow`). */
  readonly bypassed: readonly string[];
}

/** Facts that hold for the whole exchange; the chain adds the input and the verdicts as they stand at each step. */
export type InputFacts = Omit<ExchangeFacts, 'input' | 'verdicts'>;

/**
 * Runs the policies over a request, in order. A redaction changes the leaves before the next policy sees them; a block ends
 * the chain; an escalation lets the rest of the chain run. Never throws: a policy that fails is decided by its `on_error`.
 */
export function runInputChain(
  steps: readonly ChainStep[],
  catalogue: Catalogue,
  leaves: readonly Leaf[],
  facts: InputFacts,
  tools: InputTools,
): InputOutcome {
  const run = new InputRun(leaves, facts, tools);
  for (const step of steps) {
    const policy = catalogue.get(step.kind);
    if (policy && !policy.input) continue;
    if (run.take(step, policy) === 'block') break;
  }
  return run.outcome();
}

class InputRun {
  #leaves: readonly Leaf[];
  readonly #facts: InputFacts;
  readonly #tools: InputTools;
  readonly #inputs = new Map<string, InputText>();
  readonly #records: PolicyRecord[] = [];
  readonly #verdicts = new Map<string, Verdict>();
  readonly #bypassed: string[] = [];
  readonly #actions: Action[] = [];
  #decision: { kind: string; action: 'block' | 'escalate'; message: string | undefined } | undefined;

  constructor(leaves: readonly Leaf[], facts: InputFacts, tools: InputTools) {
    this.#leaves = leaves;
    this.#facts = facts;
    this.#tools = tools;
  }

  /** Runs one step and returns what it did to the exchange. */
  take(step: ChainStep, policy: Policy | undefined): Action {
    const places = placesOf(step, this.#leaves);
    const trial = attempt(step.timeout_ms, this.#tools.now, () => this.#ask(step, policy, places));
    const verdict = trial.value && blockFixed(relocate(trial.value, places), this.#leaves);
    const action = verdict?.action ?? failureAction(step);
    this.#records.push(policyRecord(step, 'input', this.#report(action, trial, places)));
    if (step.mode === 'observe') return 'allow';

    this.#actions.push(action);
    if (action === 'block' || action === 'escalate') this.#decide(step.kind, action, verdict?.message);
    if (verdict) this.#accept(step.kind, verdict);
    else if (action === 'allow') this.#bypassed.push(step.kind);
    return action;
  }

  outcome(): InputOutcome {
    const decision = this.#decision;
    return {
      verdict: chainVerdict(this.#actions),
      ...(decision?.action === 'block' ? { blockedBy: decision.kind } : {}),
      ...(decision?.action === 'escalate' ? { escalatedBy: decision.kind } : {}),
      ...(decision?.message === undefined ? {} : { message: decision.message }),
      leaves: this.#leaves,
      records: this.#records,
      verdicts: this.#verdicts,
      bypassed: this.#bypassed,
    };
  }

  #ask(step: ChainStep, policy: Policy | undefined, places: readonly number[]): Verdict {
    if (!policy?.input) throw new PolicyFailure('is not in the catalogue');
    const input = this.#input(step, places);
    const verdict = policy.input(input, step.settings, this.#factsFor(step, input));
    checkVerdict(verdict, input.leaves);
    return verdict;
  }

  /** The same views for all steps that look at the same roles, until an edit. */
  #input(step: ChainStep, places: readonly number[]): InputText {
    const key = step.apply_to ? JSON.stringify(step.apply_to) : '';
    const known = this.#inputs.get(key);
    if (known) return known;
    const built = this.#tools.buildInput(places.flatMap((index) => this.#leaves[index] ?? []));
    this.#inputs.set(key, built);
    return built;
  }

  /** An observing step must leave no trace, so it writes into a copy of the vault. */
  #factsFor(step: ChainStep, input: InputText): ExchangeFacts {
    const vault = step.mode === 'observe' ? new Map(this.#facts.vault) : this.#facts.vault;
    return { ...this.#facts, vault, input, verdicts: this.#verdicts };
  }

  #accept(kind: string, verdict: Verdict): void {
    this.#verdicts.set(kind, verdict);
    if (verdict.action !== 'redact') return;
    this.#leaves = editLeaves(this.#leaves, verdict.edits ?? []);
    this.#inputs.clear();
  }

  #decide(kind: string, action: 'block' | 'escalate', message: string | undefined): void {
    if (this.#decision && action === 'escalate') return;
    this.#decision = { kind, action, message };
  }

  #report(action: Action, trial: Trial<Verdict>, places: readonly number[]): StepReport {
    const said = trial.value;
    return {
      action,
      reason: said?.reason ?? POLICY_ERROR,
      score: said?.score,
      rules: countRules(said?.findings ?? []),
      us: trial.us,
      seen: places.reduce((sum, index) => sum + (this.#leaves[index]?.text.length ?? 0), 0),
      scanned: said?.scanned ?? 0,
      failure: trial.failure,
    };
  }
}
