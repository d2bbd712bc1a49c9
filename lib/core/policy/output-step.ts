import type { PolicyRecord, RemoteRecord } from '#core/ledger/event.ts';
import type { ChainStep } from '#core/pack/pack.ts';
import { countRule, failureAction, POLICY_ERROR, policyRecord, stronger } from './chain.ts';
import { checkVerdict } from './check-verdict.ts';
import { attempt, PolicyFailure } from './failure.ts';
import type {
  Action,
  AnswerText,
  Catalogue,
  ExchangeFacts,
  FieldKind,
  Finding,
  Inquiry,
  Inspector,
  OutputPart,
  RemotePart,
  StreamNeed,
  Verdict,
  WholeAnswer,
} from './policy.ts';
import { type Heard, remotePart } from './remote-step.ts';
import type { FieldInspector, FieldMatch, Tally } from './scanner.ts';

const FIELD_KINDS = ['reasoning', 'content', 'refusal', 'tool-name', 'tool-arguments'] as const;

/** The most findings kept per step; all of them are counted. */
const MAX_FINDINGS = 1000;

/** One step of the chain in the output phase of one answer: its inspectors, its judge and what it said so far. */
export class OutputStep {
  readonly index: number;
  readonly step: ChainStep;
  need: StreamNeed = 'none';
  /** Code units of all fields it looks at. */
  seen = 0;
  action: Action = 'allow';
  message: string | undefined;
  failure: string | undefined;
  /** It wants another answer of the provider before its verdict is carried out. */
  wantsRetry = false;
  readonly rules: Record<string, number> = {};
  readonly #now: () => number;
  readonly #tally: Tally = { us: 0, scanned: 0 };
  readonly #inspectors = new Map<FieldKind, Inspector>();
  readonly #findings: Finding[] = [];
  readonly #facts: ExchangeFacts;
  readonly #remote: RemotePart<unknown> | undefined;
  readonly #asked: RemoteRecord[] = [];
  #judge: OutputPart['judge'];
  #reason = 'ok';
  #score: number | undefined;

  constructor(index: number, step: ChainStep, catalogue: Catalogue, facts: ExchangeFacts, now: () => number) {
    this.index = index;
    this.step = step;
    this.#now = now;
    this.#facts = facts;
    this.#remote = remotePart(step, catalogue, 'output');
    const opened = attempt(step.timeout_ms, now, () => this.#open(catalogue, facts));
    this.#tally.us += opened.us;
    if (opened.failure !== undefined) this.fail(opened.failure, true);
  }

  /** What it says is carried out: it enforces, and text waits for it. */
  get holds(): boolean {
    return this.step.mode === 'enforce' && this.need !== 'none';
  }

  get needsWhole(): boolean {
    return this.step.mode === 'enforce' && this.need === 'whole';
  }

  get judges(): boolean {
    return this.#judge !== undefined;
  }

  /** Somebody elsewhere has a say about the answer. */
  get asks(): boolean {
    return this.#remote?.output !== undefined && this.failure === undefined;
  }

  inspector(kind: FieldKind): FieldInspector | undefined {
    const inspector = this.#inspectors.get(kind);
    if (!inspector) return undefined;
    const { on_error: onError, timeout_ms: timeoutMs } = this.step;
    return { step: this.index, inspector, holds: this.holds, onError, timeoutMs, tally: this.#tally };
  }

  saw(match: FieldMatch, where: string): void {
    const { rule, score, start, end, message } = match;
    countRule(this.rules, rule);
    if (this.#findings.length < MAX_FINDINGS)
      this.#findings.push({ rule, score, where, spans: [{ start, end }] });
    this.#score = Math.max(score, this.#score ?? 0);
    if (match.action === 'restore') return;
    this.message ??= message;
    this.#say(match.action, detected(this.step));
  }

  /** `decides`: the text still waits for this step, so that `on_error` can be carried out. */
  fail(failure: string, decides: boolean, does = failureAction(this.step)): Action {
    this.failure ??= failure;
    const action = decides ? does : 'allow';
    this.action = stronger(this.action, action);
    this.#reason = POLICY_ERROR;
    return action;
  }

  /** The answer ended here because of this step. */
  blocks(message: string | undefined): void {
    this.action = 'block';
    this.message = message ?? this.message;
    if (this.#reason === 'ok') this.#reason = detected(this.step);
  }

  /** Judges the finished answer; returns what must be carried out (`allow` when it may only record). */
  judge(answer: WholeAnswer): Action {
    const judge = this.#judge;
    if (!judge || this.failure !== undefined) return 'allow';
    const trial = attempt(this.step.timeout_ms, this.#now, () => checked(judge(answer)));
    this.#tally.us += trial.us;
    if (trial.failure !== undefined) return this.fail(trial.failure, this.needsWhole);
    this.#hear(trial.value);
    return this.needsWhole ? trial.value.action : 'allow';
  }

  /** What this step would do to the answer as it is. Books nothing. */
  wouldBlock(answer: WholeAnswer): boolean {
    const judge = this.#judge;
    if (!judge || this.failure !== undefined || !this.needsWhole) return false;
    const trial = attempt(this.step.timeout_ms, this.#now, () => checked(judge(answer)));
    return (trial.value?.action ?? failureAction(this.step)) === 'block';
  }

  /** What there is to ask about the answer. */
  inquire(texts: readonly AnswerText[]): readonly Inquiry[] {
    return this.#remote?.output?.(texts, this.step.settings, this.#facts, this.verdict()) ?? [];
  }

  /** Books what remote detectors said; returns what must be carried out. */
  heard({ verdict, action, failure, records, us }: Heard): Action {
    this.#asked.push(...records);
    this.#tally.us += us;
    if (!verdict) return this.fail(failure ?? '', this.needsWhole, action);
    this.#hear(verdict);
    return this.needsWhole ? verdict.action : 'allow';
  }

  verdict(): Verdict {
    const { action, message } = this;
    return {
      action,
      reason: this.#reason,
      ...(this.#score === undefined ? {} : { score: this.#score }),
      findings: this.#findings,
      scanned: this.#tally.scanned,
      ...(message === undefined ? {} : { message }),
    };
  }

  record(): PolicyRecord {
    const { action, rules, seen, failure } = this;
    const { us, scanned } = this.#tally;
    const report = { action, reason: this.#reason, score: this.#score, rules, us, seen, scanned, failure };
    const record = policyRecord(this.step, 'output', report);
    return this.#asked.length === 0 ? record : { ...record, remote: [...this.#asked] };
  }

  #open(catalogue: Catalogue, facts: ExchangeFacts): void {
    const policy = catalogue.get(this.step.kind);
    if (!policy?.output) throw new PolicyFailure('is not in the catalogue');
    this.need = policy.needs(this.step.settings);
    const part = policy.output(this.step.settings, facts);
    this.#judge = part.judge?.bind(part);
    for (const kind of FIELD_KINDS) {
      const inspector = part.inspector?.(kind);
      if (inspector)
        this.#inspectors.set(kind, kind.startsWith('tool-') ? withoutRestore(inspector) : inspector);
    }
  }

  #hear(verdict: Verdict): void {
    this.#findings.push(...verdict.findings.slice(0, MAX_FINDINGS - this.#findings.length));
    for (const { rule } of verdict.findings) countRule(this.rules, rule);
    this.#score = verdict.score ?? this.#score;
    this.message ??= verdict.message;
    this.wantsRetry = this.needsWhole && verdict.retry === true;
    this.#tally.scanned = Math.max(this.#tally.scanned, verdict.scanned);
    this.#say(verdict.action, verdict.reason);
  }

  /** The record must not claim more than happened: without text that waits, a step can at most flag. */
  #say(action: Action, reason: string): void {
    const recordsOnly = this.step.mode === 'enforce' && !this.holds;
    const said = recordsOnly && action !== 'allow' ? 'flag' : action;
    if (this.#reason === 'ok' || stronger(this.action, said) !== this.action) this.#reason = reason;
    this.action = stronger(this.action, said);
  }
}

function detected(step: ChainStep): string {
  return `${step.kind.replaceAll('-', '_')}.detected`;
}

/** A judge sees a finished text: it has nothing to redact. */
function checked(verdict: Verdict): Verdict {
  checkVerdict(verdict, []);
  return verdict;
}

/** A tool gets the placeholder, never the person's data. */
function withoutRestore(inspector: Inspector): Inspector {
  return {
    need: inspector.need,
    leftContext: inspector.leftContext,
    find: (text, from, final) =>
      inspector.find(text, from, final).filter((match) => match.action !== 'restore'),
    hold: (text, from) => inspector.hold(text, from),
  };
}
