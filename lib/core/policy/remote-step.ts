import type { RemoteRecord } from '#core/ledger/event.ts';
import type { ChainStep } from '#core/pack/pack.ts';
import { stronger } from './chain.ts';
import { checkVerdict } from './check-verdict.ts';
import { attempt } from './failure.ts';
import type { Action, Catalogue, Inquiry, Leaf, Phase, Policy, RemotePart, Verdict } from './policy.ts';
import type { AskRemote, RemoteTrial } from './remote.ts';

/** What a step's remote detectors said. Without `verdict` something failed, and `action` is what that leads to. */
export interface Heard {
  readonly verdict?: Verdict;
  readonly action: Action;
  readonly failure?: string;
  readonly records: readonly RemoteRecord[];
  readonly us: number;
}

/** The policy's remote part, when these settings ask somebody in this phase. */
export function remotePart(
  step: ChainStep,
  catalogue: Catalogue,
  phase: Phase,
): RemotePart<unknown> | undefined {
  const remote: Policy['remote'] = catalogue.get(step.kind)?.remote;
  return remote?.uses(step.settings).some(({ phases }) => phases.includes(phase)) ? remote : undefined;
}

/**
 * Asks everybody a step names, at once, and makes one verdict of what they say. `texts` are those the edits may name. Undefined
 * when the policy has nothing to ask. Never throws.
 */
export async function hearRemotes(
  step: ChainStep,
  inquire: () => readonly Inquiry[],
  texts: readonly Pick<Leaf, 'text'>[],
  ask: AskRemote,
  now: () => number,
): Promise<Heard | undefined> {
  const started = now();
  const inquiries = attempt(step.timeout_ms, now, inquire);
  if (inquiries.failure !== undefined) return failed(step, inquiries.failure, false, [], inquiries.us);
  if (inquiries.value.length === 0) return undefined;

  const trials = await Promise.all(inquiries.value.map(({ question }) => ask(question, step.timeout_ms)));
  const records = inquiries.value.map(({ question }, i) => record(question, trials[i]));
  const broken = trials.filter((trial) => trial.failure !== undefined);
  const worst = broken.find(({ refused }) => refused) ?? broken[0];
  if (worst) return failed(step, worst.failure, worst.refused, records, now() - started);

  const heard = attempt(step.timeout_ms, now, () => together(inquiries.value, trials, texts));
  const us = now() - started;
  if (heard.failure !== undefined) return failed(step, heard.failure, false, records, us);
  return { verdict: heard.value, action: heard.value.action, records, us };
}

function failed(
  step: ChainStep,
  failure: string,
  refused: boolean,
  records: readonly RemoteRecord[],
  us: number,
): Heard {
  const action = step.mode === 'observe' ? 'allow' : refused ? 'block' : step.on_error;
  return { action, failure, records, us };
}

function record(question: Inquiry['question'], trial: RemoteTrial | undefined): RemoteRecord {
  const { detector, texts } = question;
  const sent = texts.reduce((sum, text) => sum + text.length, 0);
  const failure = trial?.failure;
  const { usage, cost } = trial?.answer ?? {};
  return {
    detector,
    ...(question.detector === 'judge' ? { target: question.target } : {}),
    chars: sent,
    ms: Math.max(0, Math.round((trial?.us ?? 0) / 1000)),
    ...(failure === undefined ? {} : { error: failure }),
    ...(usage ? { usage } : {}),
    ...(cost ? { cost } : {}),
  };
}

function together(
  inquiries: readonly Inquiry[],
  trials: readonly RemoteTrial[],
  texts: readonly Pick<Leaf, 'text'>[],
): Verdict {
  const verdicts = inquiries.flatMap(({ hear }, i) => {
    const answer = trials[i]?.answer;
    if (!answer) return [];
    const verdict = hear(answer);
    checkVerdict(verdict, texts);
    return [verdict];
  });
  return verdicts.reduce(joinVerdicts);
}

/** Two things said about the same text: the stronger action, everything that was found, every edit. */
export function joinVerdicts(a: Verdict, b: Verdict): Verdict {
  const action = stronger(a.action, b.action);
  const lead = action === a.action && (a.reason !== 'ok' || b.action !== action) ? a : b;
  const scores = [a.score, b.score].filter((score) => score !== undefined);
  const message = lead.message ?? a.message ?? b.message;
  const edits = [...(a.edits ?? []), ...(b.edits ?? [])];
  return {
    action,
    reason: lead.reason,
    ...(scores.length > 0 ? { score: lead.score ?? Math.max(...scores) } : {}),
    findings: [...a.findings, ...b.findings],
    ...(edits.length > 0 ? { edits } : {}),
    scanned: Math.max(a.scanned, b.scanned),
    ...(message === undefined ? {} : { message }),
    ...(a.retry || b.retry ? { retry: true } : {}),
  };
}
