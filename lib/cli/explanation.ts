import type { JsonObject } from '#core/json.ts';
import type { PolicyRecord } from '#core/ledger/event.ts';
import { showPath } from '#core/openai/leaves.ts';
import {
  type DryInput,
  type DryOutput,
  type DryRunner,
  dryInput,
  dryOutput,
  refusesParts,
} from '#core/pack/dry-run.ts';
import { changesOnTheWay, otherViews, type PolicyView, watchedCatalogue } from '#core/pack/explain-run.ts';
import { decisionOf } from '#core/pack/golden-decision.ts';
import type { Pack, PackRemote } from '#core/pack/pack.ts';
import type { Leaf } from '#core/policy/policy.ts';
import { createInputText } from '#core/text/build-views.ts';
import { UNREADABLE } from '#gateway/guard-input.ts';
import { PENDING } from '#gateway/held.ts';
import { catalogue } from '#policies/catalogue.ts';
import { dryRunner, warmUp } from './dry-runner.ts';
import type { ExplainedAnswer } from './explain-input.ts';
import { type ExplainedFinding, inputFindings, outputFindings } from './explained-findings.ts';

/** One string of the request: where it stands, how it reads, how it would be forwarded. */
interface ExplainedText {
  readonly path: string;
  readonly role: string;
  readonly new: boolean;
  readonly text: string;
  readonly views: readonly { readonly name: string; readonly text: string }[];
  /** Absent when nothing would be forwarded. */
  readonly forwarded?: string;
}

/** One exchange through a pack, step by step. */
export interface Explanation {
  readonly verdict: string;
  readonly phase: string;
  readonly policy?: string;
  readonly reason: string;
  readonly texts: readonly ExplainedText[];
  /** Texts that an earlier policy had changed when this one (and those after it) saw them. */
  readonly changes: readonly { readonly seen_by: string; readonly path: string; readonly text: string }[];
  readonly unscanned_parts: readonly string[];
  readonly policies: readonly PolicyRecord[];
  /** Whom the pack asks and this run did not: nothing leaves this machine. */
  readonly not_asked: readonly PackRemote[];
  readonly findings: readonly ExplainedFinding[];
  /** The answer as the client gets it, field by field; absent without an answer or when the request was stopped. */
  readonly served?: Readonly<Record<string, string>>;
  /** The policy that asks the provider for another answer before this one counts. */
  readonly retry?: string;
  /** What a person is shown instead. */
  readonly message?: string;
}

/** Runs a request, and an answer to it, through the chain and the guard of a pack; no provider is called. */
export function explain(pack: Pack, request: JsonObject, answer: ExplainedAnswer | undefined): Explanation {
  const plain = dryRunner(pack);
  warmUp(plain, () => exchange(plain, request, answer));
  const seen: PolicyView[] = [];
  const { input, output } = exchange(dryRunner(pack, watchedCatalogue(catalogue, seen)), request, answer);
  const refusedParts = refusesParts(pack, input.unscannedParts);
  const decision = decisionOf({ input, output, refusedParts, nameOf: new Map() });
  return {
    ...decision,
    texts: input.leaves.map((leaf, index) => explainText(leaf, index, input)),
    changes: changesOnTheWay(input.leaves, seen).map(({ seenBy, leaf }) => ({
      seen_by: seenBy,
      path: showPath(leaf.path),
      text: leaf.text,
    })),
    unscanned_parts: input.unscannedParts,
    policies: [...input.outcome.records, ...(output?.outcome.records ?? [])],
    not_asked: pack.remotes ?? [],
    findings: [...inputFindings(seen), ...outputFindings(output)],
    ...(output ? { served: servedFields(output) } : {}),
    ...(output?.outcome.retry ? { retry: output.outcome.retry.kind } : {}),
    ...noticeOf(pack, input, output, refusedParts),
  };
}

/** What a person is shown instead of an answer, as the gateway words it. */
function noticeOf(
  pack: Pack,
  input: DryInput,
  output: DryOutput | undefined,
  refusedParts: boolean,
): Pick<Explanation, 'message'> {
  if (input.outcome.blockedBy) return { message: input.outcome.message ?? pack.message };
  if (refusedParts) return { message: UNREADABLE };
  if (input.outcome.escalatedBy) return { message: PENDING.input };
  if (output?.outcome.blockedBy) return { message: output.outcome.message ?? pack.message };
  return output?.outcome.escalatedBy ? { message: PENDING.output } : {};
}

function exchange(
  runner: DryRunner,
  request: JsonObject,
  answer: ExplainedAnswer | undefined,
): { input: DryInput; output: DryOutput | undefined } {
  const input = dryInput(runner, request);
  if (!answer || input.stopped) return { input, output: undefined };
  return { input, output: dryOutput(runner, input, answer.deltas, answer.finishReason) };
}

function explainText(leaf: Leaf, index: number, { leaves, outcome, stopped }: DryInput): ExplainedText {
  const forwarded = outcome.leaves[index]?.text ?? leaf.text;
  return {
    path: showPath(leaf.path),
    role: leaf.role,
    new: leaf.isNew,
    text: leaf.text,
    views: otherViews(createInputText(leaves), index),
    ...(stopped ? {} : { forwarded }),
  };
}

function servedFields({ released }: DryOutput): Record<string, string> {
  const fields = new Map<string, string>();
  for (const { choice, kind, index, text } of released) {
    const name = kind.startsWith('tool-') ? `choice ${choice} ${kind} ${index}` : `choice ${choice} ${kind}`;
    fields.set(name, (fields.get(name) ?? '') + text);
  }
  return Object.fromEntries(fields);
}
