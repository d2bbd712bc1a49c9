import type { ExchangeFacts, Span } from '#core/policy/policy.ts';
import { findPattern } from '#core/text/linear-pattern.ts';
import { createTermFinder, type TermFinder } from '#core/text/term-finder.ts';
import { rememberBy } from '#core/text/term-list.ts';
import { leafSpan } from '#core/text/view-text.ts';
import type { View, Views } from '#core/text/views.ts';
import { classificationTerms } from './classification.ts';
import { findManifestSecrets } from './manifest-secrets.ts';
import { plainView } from './plain-view.ts';
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
  return [...(settings.detect_secrets ? findSecrets(text, at) : []), ...findTerms(text, at, settings)];
}

/** Blocked terms and classification marks from `at` on; may overlap. */
function findTerms(text: string, at: number, settings: DlpFilterSettings): Sensitive[] {
  const terms = termsOf(settings).find(text);
  return terms.filter(({ start }) => start >= at).map(({ id, start, end }) => ({ rule: id, start, end }));
}

/** What only a whole text shows: values of Kubernetes secrets, and what hides behind tricks of spelling and encodings. */
export function findHidden(text: string, views: Views, settings: DlpFilterSettings): Sensitive[] {
  const { normal, decoded } = views;
  const plain = settings.detect_secrets ? plainView(text) : undefined;
  return [
    ...(settings.detect_secrets ? findManifestSecrets(text) : []),
    ...(plain ? inView(plain, findSecrets(plain.text, 0)) : []),
    ...(normal.origin
      ? inView(normal, [...findTerms(normal.text, 0, settings), ...findOwnPatterns(normal.text, settings)])
      : []),
    ...decoded.flatMap((view) =>
      inView(view, [...findSensitive(view.text, 0, settings), ...findOwnPatterns(view.text, settings)]),
    ),
  ];
}

function inView(view: View, found: readonly Sensitive[]): Sensitive[] {
  return found.map(({ rule, start, end }) => ({ rule, ...leafSpan(view, start, end) }));
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
