import {
  allow,
  type Edit,
  type ExchangeFacts,
  type Finding,
  type InputText,
  type Span,
  type Verdict,
} from '#core/policy/policy.ts';
import { EXHAUSTED, reasonFor, scannedIn } from '#core/text/exhausted.ts';
import { findPattern } from '#core/text/linear-pattern.ts';
import { withoutOverlaps } from '#core/text/local-inspector.ts';
import { leafSpan } from '#core/text/view-text.ts';
import type { View } from '#core/text/views.ts';
import type { FindOptions } from './entity.ts';
import { findPersonalData } from './find-personal-data.ts';
import { marker } from './marker.ts';
import { findTokens, isForged } from './placeholders.ts';
import { findOptions, type PiiDetectorSettings, restores } from './settings.ts';

interface Found extends Span {
  readonly rule: string;
  readonly replacement: string;
  /** Placeholder and value, when the value can be put back. */
  readonly kept?: readonly [string, string];
}

/** Looks at every string of the request, old turns too: the provider must never see a value. */
export function inspectInput(text: InputText, settings: PiiDetectorSettings, facts: ExchangeFacts): Verdict {
  const scanned = scannedIn(text, [...text.leaves.keys()]);
  const options = findOptions(settings, true);
  const values = text.leaves.map((_, leaf) => inLeaf(text, leaf, settings, options, facts));
  for (const { kept } of values.flat()) if (kept && !facts.vault.has(kept[0])) facts.vault.set(...kept);
  // After all values are known: a look-alike may name one that a later string holds.
  const found = values.map((own, leaf) =>
    withoutOverlaps([...own, ...forged(text.leaves[leaf]?.text ?? '', settings, facts)]),
  );
  return toVerdict(found, settings, scanned);
}

function toVerdict(
  found: readonly (readonly Found[])[],
  { action }: PiiDetectorSettings,
  scanned: number,
): Verdict {
  const findings = found.flatMap((own, leaf) => toFindings(leaf, own));
  if (findings.length === 0) return allow(scanned);
  const reason = reasonFor(findings, 'pii_detected');
  if (action !== 'redact') return { action, reason, findings, scanned };
  const edits: Edit[] = found.flatMap((own, leaf) =>
    own.map(({ start, end, replacement, rule }) => ({ leaf, start, end, replacement, rule })),
  );
  return { action, reason, findings, edits, scanned };
}

/** In the place of a text that hides more than was decoded: personal data may be among it. */
const UNREAD = '<WITHHELD>';
const FORGED = 'pii.forged_placeholder';

function toFindings(leaf: number, found: readonly Found[]): Finding[] {
  return [...Map.groupBy(found, ({ rule }) => rule)].map(([rule, same]) => ({
    rule,
    score: 1,
    where: leaf,
    spans: same.map(({ start, end }) => ({ start, end })),
  }));
}

function inLeaf(
  text: InputText,
  leaf: number,
  settings: PiiDetectorSettings,
  options: FindOptions,
  facts: ExchangeFacts,
): Found[] {
  const shown = text.leaves[leaf]?.text ?? '';
  const { normal, decoded, exhausted } = text.views(leaf);
  if (exhausted) return [{ start: 0, end: shown.length, rule: EXHAUSTED, replacement: UNREAD }];
  const hidden = [...(normal.origin ? [normal] : []), ...decoded];
  const found = [
    ...plain(shown, settings, options, facts),
    ...custom(shown, settings, facts),
    ...hidden.flatMap((view) => concealed(view, shown, settings, options, facts)),
  ];
  return withoutOverlaps(found);
}

function plain(
  shown: string,
  settings: PiiDetectorSettings,
  options: FindOptions,
  facts: ExchangeFacts,
): Found[] {
  return findPersonalData(shown, options).map((data) => {
    const { entity, start, end } = data;
    const original = shown.slice(start, end);
    const found = { start, end, rule: `pii.${entity}`, replacement: marker(data, original, settings, facts) };
    return restores(settings) ? { ...found, kept: [found.replacement, original] as const } : found;
  });
}

/** Values behind an encoding or invisible characters: the whole hiding place goes, and comes back as it was. */
function concealed(
  view: View,
  shown: string,
  settings: PiiDetectorSettings,
  options: FindOptions,
  facts: ExchangeFacts,
): Found[] {
  return findPersonalData(view.text, options).map(({ entity, canonical, start, end }) => {
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
      const data = { entity: 'custom', canonical: original } as const;
      const replacement = marker(data, original, settings, facts);
      const found = { start, end, rule: 'pii.custom', replacement };
      return restores(settings) ? { ...found, kept: [replacement, original] as const } : found;
    }),
  );
}

/**
 * Somebody wrote what looks like one of our placeholders. It is made different, or the answer could be used to read out
 * values that another part of the request holds.
 */
function forged(shown: string, settings: PiiDetectorSettings, facts: ExchangeFacts): Found[] {
  if (!restores(settings)) return [];
  const tokens = findTokens(shown).filter((token) => isForged(token, facts.vault));
  return tokens.map(({ underscore }) => ({
    start: underscore,
    end: underscore + 1,
    rule: FORGED,
    replacement: '-',
  }));
}
