import type { ExchangeFacts, InputText, Verdict, WholeAnswer } from '#core/policy/policy.ts';
import { catalogue } from '#policies/catalogue.ts';
import { factsOf, inputOf } from './exchange.ts';
import { findInPieces } from './inspector-contract.ts';

export function policyOf(kind: string) {
  const policy = catalogue.get(kind);
  if (!policy) throw new Error(`no policy ${kind}`);
  return policy;
}

/** Runs the input phase of one kind with these settings. */
export function judgeInput(
  kind: string,
  input: InputText | string,
  settings: object = {},
  facts: Partial<ExchangeFacts> = {},
): Verdict {
  const policy = policyOf(kind);
  const text = typeof input === 'string' ? inputOf(input) : input;
  const verdict = policy.input?.(text, policy.settings.parse(settings), factsOf(text, facts));
  if (!verdict) throw new Error(`${kind} has no input phase`);
  return verdict;
}

/** The texts of the leaves after the verdict's edits. */
export function edited(input: InputText, { edits = [] }: Verdict): string[] {
  return input.leaves.map(({ text }, leaf) =>
    edits
      .filter((edit) => edit.leaf === leaf)
      .toSorted((a, b) => b.start - a.start)
      .reduce(
        (rest, { start, end, replacement }) => rest.slice(0, start) + replacement + rest.slice(end),
        text,
      ),
  );
}

export const rulesOf = ({ findings }: Verdict) => [...new Set(findings.map(({ rule }) => rule))].sort();

/** What an answer becomes behind one policy, and the rules that fired. */
export function guard(
  kind: string,
  answer: string,
  settings: object,
  facts: ExchangeFacts,
  field = 'content' as const,
) {
  const policy = policyOf(kind);
  const inspector = policy.output?.(policy.settings.parse(settings), facts).inspector?.(field);
  if (!inspector) return { text: answer, rules: [], actions: [] };
  const matches = findInPieces(inspector, [...answer]);
  const text = matches.toReversed().reduce((rest, { start, end, replacement, action }) => {
    const put = action === 'redact' || action === 'restore' ? (replacement ?? '') : rest.slice(start, end);
    return rest.slice(0, start) + put + rest.slice(end);
  }, answer);
  return { text, rules: matches.map(({ rule }) => rule), actions: matches.map(({ action }) => action) };
}

/** Runs the judge of one kind over a finished answer. */
export function judgeAnswer(
  kind: string,
  answer: string | WholeAnswer,
  settings: object = {},
  facts: ExchangeFacts = factsOf(),
): Verdict {
  const policy = policyOf(kind);
  const whole = typeof answer === 'string' ? answerOf(answer) : answer;
  const verdict = policy.output?.(policy.settings.parse(settings), facts).judge?.(whole);
  if (!verdict) throw new Error(`${kind} judges no answers`);
  return verdict;
}

export function answerOf(text: string, finishReason = 'stop'): WholeAnswer {
  return { fields: [{ choice: 0, kind: 'content', text }], finishReasons: [finishReason] };
}
