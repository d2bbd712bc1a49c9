import {
  allow,
  definePolicy,
  type ExchangeFacts,
  type Finding,
  type InputText,
  type Inspector,
  type Leaf,
  type Verdict,
} from '#core/policy/policy.ts';
import { normalizeView } from '#core/text/build-views.ts';
import { createInspector } from '#core/text/local-inspector.ts';
import { leafSpan } from '#core/text/view-text.ts';
import type { View } from '#core/text/views.ts';
import { judgeText, type TextFinding } from './judge-text.ts';
import { SafetyFilterSettings } from './settings.ts';
import { answerTerms, requestTerms } from './terms.ts';

/** Shown instead of the pack's message: a refusal must not be the last word here. */
const HELP =
  'It sounds as if things are very hard right now, and I am not the right one to help with this. Please talk to someone ' +
  'you trust, or to a crisis line: in the United States and Canada call or text 988, in the United Kingdom and Ireland ' +
  'call 116 123, in Germany 0800 111 0 111, elsewhere see findahelpline.com. If you are in danger, call the emergency number.';

/** A coarse gate: rules by words and intent, and a small model of harmful requests. It cannot tell condemnation from praise. */
export const safetyFilter = definePolicy<SafetyFilterSettings>({
  kind: 'safety-filter',
  phases: ['input', 'output'],
  summary: 'Stops requests for weapons, drugs, violence, crime and abuse, and terms of your own',
  settings: SafetyFilterSettings,
  needs: ({ action, check_answers }) =>
    !check_answers ? 'none' : action === 'escalate' ? 'whole' : 'window',
  input: inspectInput,
  output: (settings) => {
    if (!settings.check_answers) return {};
    return { inspector: (field) => (field === 'tool-name' ? undefined : inspectAnswer(settings)) };
  },
});

function inspectInput(text: InputText, settings: SafetyFilterSettings, facts: ExchangeFacts): Verdict {
  const judged = text.leaves.flatMap((leaf, i) => (isJudged(leaf) ? [i] : []));
  const scanned = judged.reduce((sum, i) => sum + (text.leaves[i]?.text.length ?? 0), 0);
  if (facts.probe) return allow(scanned);
  const findings = judged.flatMap((leaf) => inLeaf(text, leaf, settings));
  if (findings.length === 0) return allow(scanned);

  const score = Math.max(...findings.map((finding) => finding.score));
  const verdict: Verdict = { action: settings.action, reason: 'safety.violation', score, findings, scanned };
  const needsHelp = findings.some(({ rule }) => rule.startsWith('safety.self_harm'));
  return needsHelp ? { ...verdict, message: HELP } : verdict;
}

/** What is new in the conversation; the operator's own system prompt is trusted. */
function isJudged({ role, isNew, text }: Leaf): boolean {
  return isNew && role !== 'system' && role !== 'assistant' && text.length > 0;
}

function inLeaf(text: InputText, leaf: number, settings: SafetyFilterSettings): Finding[] {
  const { raw, normal, respelled = [], decoded } = text.views(leaf);
  // A harmful request in a document is content, not a request: the model of requests does not judge it.
  const asked = text.leaves[leaf]?.role === 'user';
  const plain = [normal, ...respelled, ...decoded.map(normalizeView)];
  return [
    ...plain.flatMap((view) => place(judgeText(view.text, settings, asked), view, leaf)),
    ...[raw, ...respelled, ...decoded].flatMap((view) => place(byTerm(view.text, settings), view, leaf)),
  ];
}

function byTerm(text: string, settings: SafetyFilterSettings): TextFinding[] {
  const found = requestTerms(settings).find(text).slice(0, 20);
  return found.map(({ id, start, end }) => ({ rule: id, score: 1, start, end }));
}

/** Findings on a view, told on the leaf. */
function place(found: readonly TextFinding[], view: View, leaf: number): Finding[] {
  return found.map(({ rule, score, start, end }) => ({
    rule,
    score,
    where: leaf,
    spans: [leafSpan(view, start, end)],
  }));
}

function inspectAnswer(settings: SafetyFilterSettings): Inspector {
  const terms = answerTerms(settings);
  return createInspector({
    leftContext: 2,
    candidates: (text, at) =>
      terms
        .find(text)
        .filter(({ start }) => start >= at)
        .map(({ id, start, end }) => ({
          start,
          end,
          rule: id,
          action: settings.action,
          score: 1,
          ...(id.startsWith('safety.self_harm') ? { message: HELP } : {}),
        })),
    open: (text, at) => terms.open(text, at),
  });
}
