import {
  allow,
  type ExchangeFacts,
  type Finding,
  type InputText,
  type Verdict,
} from '#core/policy/policy.ts';
import { normalizeView } from '#core/text/build-views.ts';
import { reasonFor, scannedIn, unreadIn } from '#core/text/exhausted.ts';
import { joinLeaves } from '#core/text/join-leaves.ts';
import { leafSpan } from '#core/text/view-text.ts';
import type { View } from '#core/text/views.ts';
import { HELP } from './help.ts';
import { judgeText, type TextFinding } from './judge-text.ts';
import { isJudged } from './judged.ts';
import type { SafetyFilterSettings } from './settings.ts';
import { requestTerms } from './terms.ts';

/** Judges what is new in a request: each text by itself, then the user's texts read together. */
export function inspectInput(text: InputText, settings: SafetyFilterSettings, facts: ExchangeFacts): Verdict {
  const judged = text.leaves.flatMap((leaf, i) => (isJudged(leaf) ? [i] : []));
  const scanned = scannedIn(text, judged);
  if (facts.probe) return allow(scanned);
  const single = judged.flatMap((leaf) => [...inLeaf(text, leaf, settings), ...unreadIn(text, leaf)]);
  const findings = single.length > 0 ? single : inJoined(text, judged, settings);
  if (findings.length === 0) return allow(scanned);

  const score = Math.max(...findings.map((finding) => finding.score));
  const reason = reasonFor(findings, 'safety.violation');
  const verdict: Verdict = { action: settings.action, reason, score, findings, scanned };
  const needsHelp = findings.some(({ rule }) => rule.startsWith('safety.self_harm'));
  return needsHelp ? { ...verdict, message: HELP } : verdict;
}

/** A request cut into several parts or messages shows only when they are read together. */
function inJoined(text: InputText, judged: readonly number[], settings: SafetyFilterSettings): Finding[] {
  const asked = judged.filter((leaf) => text.leaves[leaf]?.role === 'user');
  for (const joined of joinLeaves(text, asked)) {
    const found = judgeText(joined.text, settings, true);
    if (found.length > 0) return found.map(({ rule, score }) => ({ rule, score }));
  }
  return [];
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
