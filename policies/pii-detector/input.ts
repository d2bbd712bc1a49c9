import {
  allow,
  type Edit,
  type ExchangeFacts,
  type Finding,
  type InputText,
  type Span,
  type Verdict,
} from '#core/policy/policy.ts';
import { findPattern } from '#core/text/linear-pattern.ts';
import { withoutOverlaps } from '#core/text/local-inspector.ts';
import { leafSpan } from '#core/text/view-text.ts';
import type { View } from '#core/text/views.ts';
import { findPersonalData } from './find-personal-data.ts';
import { marker } from './marker.ts';
import { findTokens, placeholder } from './placeholders.ts';
import { type PiiDetectorSettings, restores } from './settings.ts';

interface Found extends Span {
  readonly rule: string;
  readonly replacement: string;
  /** Placeholder and value, when the value can be put back. */
  readonly kept?: readonly [string, string];
}

/** Looks at every string of the request, old turns too: the provider must never see a value. */
export function inspectInput(text: InputText, settings: PiiDetectorSettings, facts: ExchangeFacts): Verdict {
  const scanned = text.leaves.reduce((sum, leaf) => sum + leaf.text.length, 0);
  const findings: Finding[] = [];
  const edits: Edit[] = [];
  for (const leaf of text.leaves.keys()) {
    const found = inLeaf(text, leaf, settings, facts);
    findings.push(...toFindings(leaf, found));
    edits.push(
      ...found.map(({ start, end, replacement, rule }) => ({ leaf, start, end, replacement, rule })),
    );
    for (const { kept } of found) if (kept && !facts.vault.has(kept[0])) facts.vault.set(...kept);
  }
  if (edits.length === 0) return allow(scanned);
  const onlyForged = findings.every(({ rule }) => rule === FORGED);
  if (settings.action === 'redact')
    return { action: 'redact', reason: 'pii_detected', findings, edits, scanned };
  return onlyForged ? allow(scanned) : { action: settings.action, reason: 'pii_detected', findings, scanned };
}

const FORGED = 'pii.forged_placeholder';

function toFindings(leaf: number, found: readonly Found[]): Finding[] {
  return [...Map.groupBy(found, ({ rule }) => rule)].map(([rule, same]) => ({
    rule,
    score: 1,
    where: leaf,
    spans: same.map(({ start, end }) => ({ start, end })),
  }));
}

function inLeaf(text: InputText, leaf: number, settings: PiiDetectorSettings, facts: ExchangeFacts): Found[] {
  const shown = text.leaves[leaf]?.text ?? '';
  const { normal, decoded } = text.views(leaf);
  const hidden = [...(normal.origin ? [normal] : []), ...decoded];
  const found = [
    ...plain(shown, settings, facts),
    ...custom(shown, settings, facts),
    ...hidden.flatMap((view) => concealed(view, shown, settings, facts)),
  ];
  return withoutOverlaps([...found, ...forged(shown, settings)]);
}

function plain(shown: string, settings: PiiDetectorSettings, facts: ExchangeFacts): Found[] {
  return findPersonalData(shown, settings.entities).map((data) => {
    const { entity, start, end } = data;
    const original = shown.slice(start, end);
    const found = { start, end, rule: `pii.${entity}`, replacement: marker(data, original, settings, facts) };
    return restores(settings) ? { ...found, kept: [found.replacement, original] as const } : found;
  });
}

/** Values behind an encoding or invisible characters: the whole hiding place goes, and comes back as it was. */
function concealed(view: View, shown: string, settings: PiiDetectorSettings, facts: ExchangeFacts): Found[] {
  return findPersonalData(view.text, settings.entities).map(({ entity, canonical, start, end }) => {
    const span = leafSpan(view, start, end);
    const original = shown.slice(span.start, span.end);
    const isSame = original.toLowerCase() === view.text.slice(start, end).toLowerCase();
    const data = { entity, canonical: isSame ? canonical : original };
    const replacement = marker(data, original, settings, facts);
    const found = { ...span, rule: `pii.${entity}`, replacement };
    return restores(settings) ? { ...found, kept: [replacement, original] as const } : found;
  });
}

function custom(shown: string, settings: PiiDetectorSettings, facts: ExchangeFacts): Found[] {
  return settings.detect_patterns.flatMap((pattern) =>
    findPattern(pattern, shown).map(({ start, end }) => {
      const original = shown.slice(start, end);
      const token = placeholder('custom', original, facts);
      const replacement = settings.redaction.marker_format === 'token' ? token : '*****';
      const found = { start, end, rule: 'pii.custom', replacement };
      return restores(settings) ? { ...found, kept: [replacement, original] as const } : found;
    }),
  );
}

/**
 * Somebody wrote what looks like one of our placeholders. It is made different, or the answer could be used to read out
 * values that another part of the request holds.
 */
function forged(shown: string, settings: PiiDetectorSettings): Found[] {
  if (!restores(settings)) return [];
  return findTokens(shown).map(({ underscore }) => ({
    start: underscore,
    end: underscore + 1,
    rule: FORGED,
    replacement: '-',
  }));
}
