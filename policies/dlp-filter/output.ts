import type { ExchangeFacts, Inspector, Match } from '#core/policy/policy.ts';
import { createInspector } from '#core/text/local-inspector.ts';
import {
  findOwnPatterns,
  findSensitive,
  isClassification,
  type Sensitive,
  sensitiveMarker,
  termsOf,
} from './find-sensitive.ts';
import { openSecret, SECRET_CONTEXT } from './secrets.ts';
import type { DlpFilterSettings } from './settings.ts';

/** Secrets, terms and patterns in an answer, while it grows. */
export function inspectAnswer(settings: DlpFilterSettings, facts: ExchangeFacts): Inspector {
  const ownPatterns = settings.detect_patterns.length > 0;
  return createInspector({
    leftContext: SECRET_CONTEXT,
    candidates: (text, at) => {
      const found = [
        ...findSensitive(text, at, settings),
        ...(ownPatterns ? inLines(text, at, settings) : []),
      ];
      return found.map((one) => toMatch(one, text, settings, facts));
    },
    open: (text, at) =>
      Math.min(
        settings.detect_secrets ? openSecret(text, at) : text.length,
        termsOf(settings).open(text, at),
        ownPatterns ? lastLine(text, at) : text.length,
      ),
  });
}

/** A pattern of one's own may match anything, so a line is held until it is complete. */
function inLines(text: string, at: number, settings: DlpFilterSettings): Sensitive[] {
  const found: Sensitive[] = [];
  for (let start = text.lastIndexOf('\n', at - 1) + 1 || at; start < text.length; ) {
    const next = text.indexOf('\n', start);
    const end = next < 0 ? text.length : next;
    const line = text.slice(start, end);
    for (const one of findOwnPatterns(line, settings)) {
      if (one.start + start >= at) found.push({ ...one, start: one.start + start, end: one.end + start });
    }
    start = end + 1;
  }
  return found;
}

function lastLine(text: string, at: number): number {
  return Math.max(at, text.lastIndexOf('\n') + 1);
}

function toMatch(found: Sensitive, text: string, settings: DlpFilterSettings, facts: ExchangeFacts): Match {
  const { start, end, rule } = found;
  if (settings.action === 'flag') return { start, end, rule, action: 'flag', score: 1 };
  if (settings.action === 'block' || isClassification(found))
    return { start, end, rule, action: 'block', score: 1 };
  const replacement = sensitiveMarker(rule, text.slice(start, end), facts);
  return { start, end, rule, action: 'redact', replacement, score: 1 };
}
