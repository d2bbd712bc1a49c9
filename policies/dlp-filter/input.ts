import {
  allow,
  type Edit,
  type ExchangeFacts,
  type Finding,
  type InputText,
  type Verdict,
} from '#core/policy/policy.ts';
import { EXHAUSTED, reasonFor, scannedIn } from '#core/text/exhausted.ts';
import { withoutOverlaps } from '#core/text/local-inspector.ts';
import {
  findHidden,
  findOwnPatterns,
  findSensitive,
  isClassification,
  type Sensitive,
  sensitiveMarker,
} from './find-sensitive.ts';
import type { DlpFilterSettings } from './settings.ts';

/** Looks at every string of the request, as it stands and behind encodings. */
export function inspectInput(text: InputText, settings: DlpFilterSettings, facts: ExchangeFacts): Verdict {
  const scanned = scannedIn(text, [...text.leaves.keys()]);
  const found = [...text.leaves.keys()].map((leaf) => ({ leaf, found: inLeaf(text, leaf, settings) }));
  const findings = found.flatMap(({ leaf, found: inIt }) => toFindings(leaf, inIt));
  if (findings.length === 0) return allow(scanned);

  const classified = found.some(({ found: inIt }) => inIt.some(isClassification));
  if (classified && settings.action !== 'flag') {
    return { action: 'block', reason: 'dlp.classified', findings, scanned };
  }
  const reason = reasonFor(findings, 'dlp.detected');
  if (settings.action !== 'redact') return { action: settings.action, reason, findings, scanned };
  const edits = found.flatMap(({ leaf, found: inIt }) => inIt.map((one) => toEdit(text, leaf, one, facts)));
  return { action: 'redact', reason, findings, edits, scanned };
}

function inLeaf(input: InputText, leaf: number, settings: DlpFilterSettings): Sensitive[] {
  const views = input.views(leaf);
  const { text } = views.raw;
  if (views.exhausted) return [{ start: 0, end: text.length, rule: EXHAUSTED }];
  return withoutOverlaps([
    ...findSensitive(text, 0, settings),
    ...findOwnPatterns(text, settings),
    ...findHidden(text, views, settings),
  ]);
}

function toFindings(leaf: number, found: readonly Sensitive[]): Finding[] {
  return [...Map.groupBy(found, ({ rule }) => rule)].map(([rule, same]) => ({
    rule,
    score: 1,
    where: leaf,
    spans: same.map(({ start, end }) => ({ start, end })),
  }));
}

function toEdit(text: InputText, leaf: number, { rule, start, end }: Sensitive, facts: ExchangeFacts): Edit {
  const value = (text.leaves[leaf]?.text ?? '').slice(start, end);
  return { leaf, start, end, rule, replacement: sensitiveMarker(rule, value, facts) };
}
