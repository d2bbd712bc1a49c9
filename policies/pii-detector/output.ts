import type { ExchangeFacts, Inspector } from '#core/policy/policy.ts';
import { createInspector, type RankedMatch } from '#core/text/local-inspector.ts';
import { LEFT_CONTEXT, type PersonalData } from './entity.ts';
import { candidatesIn, openPersonalData } from './find-personal-data.ts';
import { marker } from './marker.ts';
import { findTokens, openToken, placeholder } from './placeholders.ts';
import { findOptions, type PiiDetectorSettings, restores } from './settings.ts';

/** Code units before a placeholder that tell whether it stands in a URL. */
const URL_CONTEXT = 200;

/** Puts the values of this conversation back, and masks personal data that came from elsewhere. */
export function inspectProse(settings: PiiDetectorSettings, facts: ExchangeFacts): Inspector {
  const mask = inspectorParts(settings, facts);
  const restoring = restores(settings) && facts.vault.size > 0;
  return createInspector({
    leftContext: Math.max(LEFT_CONTEXT + 2, URL_CONTEXT),
    candidates: (text, at) => [...(restoring ? restored(text, at, facts) : []), ...mask.candidates(text, at)],
    open: (text, at) => Math.min(restoring ? openToken(text, at) : text.length, mask.open(text, at)),
  });
}

/** Masks only: a value must never be put into something a tool receives. */
export function inspectToolCall(settings: PiiDetectorSettings, facts: ExchangeFacts): Inspector {
  return createInspector({ leftContext: LEFT_CONTEXT + 2, ...inspectorParts(settings, facts) });
}

function inspectorParts(settings: PiiDetectorSettings, facts: ExchangeFacts) {
  if (!settings.mask_answers) return { candidates: () => [], open: ({ length }: string) => length };
  const options = findOptions(settings, false);
  const known = requestReader(facts);
  return {
    candidates: (text: string, at: number): RankedMatch[] =>
      candidatesIn(text, at, options).flatMap((data) => masked(data, text, settings, facts, known)),
    open: (text: string, at: number) => openPersonalData(text, at, options),
  };
}

function restored(text: string, at: number, facts: ExchangeFacts): RankedMatch[] {
  return findTokens(text).flatMap(({ start, end, name }) => {
    const original = facts.vault.get(name);
    if (original === undefined || start < at || isInUrl(text, start)) return [];
    // The answer is JSON then, and the placeholder stands inside one of its strings.
    const replacement = facts.structuredOutput ? JSON.stringify(original).slice(1, -1) : original;
    return [{ start, end, rule: 'pii.restored', action: 'restore', replacement, score: 1 }];
  });
}

/** A value inside a link would be sent to whoever owns it as soon as somebody's browser draws the answer. */
function isInUrl(text: string, start: number): boolean {
  const floor = Math.max(0, start - URL_CONTEXT);
  let first = start;
  while (first > floor && /[!#-~]/.test(text[first - 1] ?? '')) first -= 1;
  const before = text.slice(first, start);
  return /:\/\/|www\.|\]\(|mailto:|data:/i.test(before) || start - first === URL_CONTEXT;
}

function masked(
  data: PersonalData,
  text: string,
  settings: PiiDetectorSettings,
  facts: ExchangeFacts,
  known: (shown: string) => boolean,
): RankedMatch[] {
  const { start, end, entity, canonical, rank } = data;
  const shown = text.slice(start, end);
  if (facts.vault.has(placeholder(entity, canonical, facts)) || known(shown)) return [];
  const rule = `pii.${entity}`;
  if (settings.action !== 'redact') return [{ start, end, rule, action: settings.action, score: 1, rank }];
  const replacement = marker(data, shown, settings, facts);
  return [{ start, end, rule, action: 'redact', replacement, score: 1, rank }];
}

/** Whether the request holds a text; asked again and again while an answer grows, so answers are kept. */
function requestReader(facts: ExchangeFacts): (shown: string) => boolean {
  let texts: readonly string[] | undefined;
  const asked = new Map<string, boolean>();
  return (shown) => {
    const wanted = shown.toLowerCase();
    let known = asked.get(wanted);
    if (known === undefined) {
      texts ??= facts.input.leaves.map((leaf) => leaf.text.toLowerCase());
      known = texts.some((text) => text.includes(wanted));
      asked.set(wanted, known);
    }
    return known;
  };
}
