import type { PolicyRecord } from '#core/ledger/event.ts';
import type { ChainStep } from '#core/pack/pack.ts';
import { chainVerdict, countRule, POLICY_ERROR, placesOf, stronger } from './chain.ts';
import type { InputFacts, InputOutcome, InputTools } from './input-chain.ts';
import { blockFixed, editLeaves, relocate } from './input-edits.ts';
import {
  allow,
  type Catalogue,
  type ExchangeFacts,
  type Leaf,
  type RemotePart,
  type Verdict,
} from './policy.ts';
import type { AskRemote } from './remote.ts';
import { type Heard, hearRemotes, joinVerdicts, remotePart } from './remote-step.ts';

/** A chain that asks nobody costs its caller nothing. */
export function asksRemote(steps: readonly ChainStep[], catalogue: Catalogue): boolean {
  return steps.some((step) => (catalogue.get(step.kind)?.remote?.uses(step.settings).length ?? 0) > 0);
}

/** How the remote detectors of a request are asked. */
interface AskingTools extends InputTools {
  readonly ask: AskRemote;
  /** A person has let the request through: escalations stop nothing any more, here or before. */
  readonly letThrough?: boolean;
}

/**
 * The second half of the input phase: asks the remote detectors of the chain, in its order, about what all local policies let
 * through and as they left it. Who is asked later sees what an earlier one redacted; a block ends it. Never throws.
 */
export async function askAboutInput(
  local: InputOutcome,
  steps: readonly ChainStep[],
  catalogue: Catalogue,
  facts: InputFacts,
  tools: AskingTools,
): Promise<InputOutcome> {
  const stopped = local.blockedBy ?? (tools.letThrough ? undefined : local.escalatedBy);
  if (stopped !== undefined || facts.probe) return local;
  const run = new AskingRun(local, facts, tools);
  for (const step of steps) {
    const remote = remotePart(step, catalogue, 'input');
    if (remote && (await run.take(step, remote))) break;
  }
  return run.outcome();
}

class AskingRun {
  readonly #local: InputOutcome;
  readonly #facts: InputFacts;
  readonly #tools: AskingTools;
  readonly #records: PolicyRecord[];
  readonly #verdicts: Map<string, Verdict>;
  readonly #bypassed: string[];
  #leaves: readonly Leaf[];
  #decision: Partial<Pick<InputOutcome, 'blockedBy' | 'escalatedBy' | 'message'>> = {};

  constructor(local: InputOutcome, facts: InputFacts, tools: AskingTools) {
    this.#local = local;
    this.#facts = facts;
    this.#tools = tools;
    this.#records = [...local.records];
    this.#verdicts = new Map(local.verdicts);
    this.#bypassed = [...local.bypassed];
    this.#leaves = local.leaves;
  }

  /** Runs one step; true when the chain ends with it. */
  async take(step: ChainStep, remote: RemotePart<unknown>): Promise<boolean> {
    const at = this.#records.findIndex(({ kind, phase }) => kind === step.kind && phase === 'input');
    // Its own part failed: on_error has decided about it already.
    if (this.#records[at]?.error !== undefined) return false;
    const places = placesOf(step, this.#leaves);
    const input = this.#tools.buildInput(places.flatMap((index) => this.#leaves[index] ?? []));
    const facts = this.#factsFor(step, input);
    const said = this.#verdicts.get(step.kind) ?? allow(0);
    const { ask, now } = this.#tools;
    const inquire = () => remote.input?.(input, step.settings, facts, said) ?? [];
    const heard = await hearRemotes(step, inquire, input.leaves, ask, now);
    if (!heard) return false;

    const verdict = heard.verdict && blockFixed(relocate(heard.verdict, places), this.#leaves);
    const done = { ...heard, ...(verdict ? { verdict, action: verdict.action } : {}) };
    this.#records[at] = withHeard(this.#records[at], step, done);
    return step.mode === 'enforce' && this.#carryOut(step, done, said);
  }

  outcome(): InputOutcome {
    const enforced = this.#records.filter(({ mode }) => mode === 'enforce').map(({ action }) => action);
    return {
      ...this.#local,
      ...this.#decision,
      verdict: chainVerdict(enforced),
      leaves: this.#leaves,
      records: this.#records,
      verdicts: this.#verdicts,
      bypassed: this.#bypassed,
    };
  }

  /** An observing step must leave no trace, so it writes into a copy of the vault. */
  #factsFor(step: ChainStep, input: ExchangeFacts['input']): ExchangeFacts {
    const vault = step.mode === 'observe' ? new Map(this.#facts.vault) : this.#facts.vault;
    return { ...this.#facts, vault, input, verdicts: this.#verdicts };
  }

  #carryOut(step: ChainStep, { verdict, action }: Heard, said: Verdict): boolean {
    if (verdict) this.#verdicts.set(step.kind, joinVerdicts(said, verdict));
    else if (action === 'allow') this.#bypassed.push(step.kind);
    if (verdict?.action === 'redact') this.#leaves = editLeaves(this.#leaves, verdict.edits ?? []);
    if (action !== 'block' && (action !== 'escalate' || this.#tools.letThrough)) return false;
    const message = verdict?.message === undefined ? {} : { message: verdict.message };
    this.#decision = { [action === 'block' ? 'blockedBy' : 'escalatedBy']: step.kind, ...message };
    return true;
  }
}

/** The step's record with what its detectors said. */
function withHeard(record: PolicyRecord | undefined, step: ChainStep, heard: Heard): PolicyRecord {
  if (!record) throw new Error(`"${step.kind}" was not in the chain`);
  const { verdict, failure } = heard;
  const rules = { ...record.rules };
  for (const { rule } of verdict?.findings ?? []) countRule(rules, rule);
  const action = stronger(record.action, heard.action);
  const speaks = record.reason === 'ok' || action !== record.action;
  const reason = failure !== undefined ? POLICY_ERROR : speaks ? (verdict?.reason ?? 'ok') : record.reason;
  const score = Math.max(record.score ?? -1, verdict?.score ?? -1);
  return {
    ...record,
    action,
    reason,
    ...(score < 0 ? {} : { score }),
    rules,
    latency_us: record.latency_us + Math.round(heard.us),
    remote: [...heard.records],
    ...(failure === undefined ? {} : { error: failure }),
  };
}
