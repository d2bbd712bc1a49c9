import { overlap } from '#core/policy/edits.ts';
import { allow, type ExchangeFacts, type Span, type Verdict } from '#core/policy/policy.ts';
import type { RemoteFinding } from '#core/policy/remote.ts';
import { marker } from '../marker.ts';
import { findTokens } from '../placeholders.ts';
import type { PiiDetectorSettings } from '../settings.ts';

/** Personal data a detector elsewhere saw in one of the texts. */
export interface Found extends Span {
  readonly text: number;
  readonly rule: string;
  readonly original: string;
  readonly replacement: string;
  readonly score: number;
}

/** Kinds with a placeholder of their own; everything else is PRIVATE. */
const ENTITIES: Readonly<Record<string, 'person' | 'address'>> = { NAME: 'person', ADDRESS: 'address' };

/** The findings with their markers. What lies in one of our placeholders is none: it was replaced already. */
export function found(
  texts: readonly string[],
  findings: readonly RemoteFinding[],
  settings: PiiDetectorSettings,
  facts: ExchangeFacts,
): Found[] {
  const tokens = texts.map((text) => findTokens(text));
  return findings.flatMap(({ label, score, text, start = 0, end = texts[text]?.length ?? 0 }) => {
    const original = texts[text]?.slice(start, end) ?? '';
    if (original === '' || tokens[text]?.some((token) => overlap(token, { start, end }))) return [];
    const kind = label.replace(/^pii\./, '');
    const entity = ENTITIES[kind] ?? 'custom';
    const canonical = entity === 'custom' ? original : original.toLowerCase().replace(/\s+/g, ' ');
    const replacement = marker({ entity, canonical }, original, settings, facts);
    return [{ text, start, end, rule: `pii.${ruleName(kind)}`, original, replacement, score }];
  });
}

/** Somebody wrote the placeholder of a value that was found just now: made different, or the answer could be used to read the value. */
export function forged(texts: readonly string[], data: readonly Found[]): Found[] {
  const names = new Set(data.map(({ replacement }) => replacement));
  return texts.flatMap((shown, text) =>
    findTokens(shown)
      .filter(({ name }) => names.has(name))
      .map(({ underscore: start }) => {
        return {
          text,
          start,
          end: start + 1,
          rule: 'pii.forged_placeholder',
          original: '_',
          replacement: '-',
          score: 1,
        };
      }),
  );
}

function ruleName(kind: string): string {
  return kind
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '_')
    .slice(0, 64);
}

/** `places[i]` is what the i-th text is called in edits. */
export function toVerdict(
  data: readonly Found[],
  places: readonly number[],
  { action }: PiiDetectorSettings,
  scanned: number,
): Verdict {
  if (data.length === 0) return allow(scanned);
  const at = (text: number) => places[text] ?? -1;
  const findings = data.map(({ text, start, end, rule, score }) => {
    return { rule, score, where: at(text), spans: [{ start, end }] };
  });
  const said: Verdict = { action, reason: 'pii_detected', findings, scanned };
  if (action !== 'redact') return said;
  const edits = data.map(({ text, start, end, rule, replacement }) => {
    return { leaf: at(text), start, end, rule, replacement };
  });
  return { ...said, edits };
}
