import { createTermFinder, type Term, type TermFinder } from '#core/text/term-finder.ts';
import { rememberBy } from '#core/text/term-list.ts';
import { ANSWER_PHRASES, INDUSTRY_TERMS } from './rules.ts';
import type { SafetyFilterSettings } from './settings.ts';

/** The operator's own terms and those of the trade, for requests. */
export const requestTerms = rememberBy((settings: SafetyFilterSettings) =>
  finder(settings, ownTerms(settings), []),
);

/** The same, and the phrases no answer should hold. */
export const answerTerms = rememberBy((settings: SafetyFilterSettings) => {
  const phrases = ANSWER_PHRASES.filter(({ category }) => settings.categories.includes(category));
  const fixed = phrases.map(({ category, text }) => ({ id: `safety.${category}.phrase`, text }));
  return finder(settings, ownTerms(settings), fixed);
});

function ownTerms({ block_if, industry, mode }: SafetyFilterSettings): Term[] {
  const trade = industry ?? mode ?? 'general';
  return [
    ...block_if.map((text) => ({ id: 'safety.term', text })),
    ...INDUSTRY_TERMS[trade].map((text) => ({ id: `safety.${trade}`, text })),
  ];
}

function finder(settings: SafetyFilterSettings, own: readonly Term[], fixed: readonly Term[]): TermFinder {
  const fuzzy = createTermFinder(own, settings.fuzzy_matching ? settings.max_distance : 0);
  const exact = createTermFinder(fixed);
  return {
    find: (text) => [...fuzzy.find(text), ...exact.find(text)],
    open: (text, at) => Math.min(fuzzy.open(text, at), exact.open(text, at)),
  };
}
