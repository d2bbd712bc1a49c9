import type { Inspector } from '#core/policy/policy.ts';
import { createInspector } from '#core/text/local-inspector.ts';
import { HELP } from './help.ts';
import type { SafetyFilterSettings } from './settings.ts';
import { answerTerms } from './terms.ts';

/** Stops an answer before a term or phrase; holds back only what could still become one. */
export function inspectAnswer(settings: SafetyFilterSettings): Inspector {
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
