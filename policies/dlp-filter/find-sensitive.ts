import type { ExchangeFacts, Span } from '#core/policy/policy.ts';
import { findPattern } from '#core/text/linear-pattern.ts';
import { createTermFinder, type TermFinder } from '#core/text/term-finder.ts';
import { rememberBy } from '#core/text/term-list.ts';
import { classificationTerms } from './classification.ts';
import { findSecrets } from './secrets.ts';
import type { DlpFilterSettings } from './settings.ts';

export interface Sensitive extends Span {
  readonly rule: string;
}

/** A mark on a document cannot be redacted away: the document is what must not leave. */
export const isClassification = ({ rule }: Sensitive) => rule.startsWith('dlp.classified');

/** Blocked terms and classification marks. */
export const termsOf = rememberBy((settings: DlpFilterSettings): TermFinder => {
  const blocked = settings.blocked_terms.map((text) => ({ id: 'dlp.term', text }));
  const exact = createTermFinder(classificationTerms(settings.sensitivity_level));
  const own = createTermFinder(blocked, settings.fuzzy_matching ? settings.max_distance : 0);
  return {
    find: (text) => [...exact.find(text), ...own.find(text)],
    open: (text, at) => Math.min(exact.open(text, at), own.open(text, at)),
  };
});

/** Secrets and terms from `at` on; may overlap. */
export function findSensitive(text: string, at: number, settings: DlpFilterSettings): Sensitive[] {
  const secrets = settings.detect_secrets ? findSecrets(text, at) : [];
  const terms = termsOf(settings)
    .find(text)
    .filter(({ start }) => start >= at);
  return [...secrets, ...terms.map(({ id, start, end }) => ({ rule: id, start, end }))];
}

export function findOwnPatterns(text: string, settings: DlpFilterSettings): Sensitive[] {
  return settings.detect_patterns.flatMap((pattern) =>
    findPattern(pattern, text).map((span) => ({ ...span, rule: 'dlp.pattern' })),
  );
}

/** `<SECRET_k3v9q2>`: the same value has the same mark, and it says nothing about the value. */
export function sensitiveMarker(rule: string, value: string, facts: ExchangeFacts): string {
  const name = rule.startsWith('secret.') ? 'SECRET' : 'WITHHELD';
  return `<${name}_${facts.pseudonym(name.toLowerCase(), value)}>`;
}
