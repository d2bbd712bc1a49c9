import type { ExchangeFacts, Inspector, Match } from '#core/policy/policy.ts';
import { createInspector } from '#core/text/local-inspector.ts';
import { LEFT_CONTEXT, type PersonalData } from './entity.ts';
import { candidatesIn, openPersonalData } from './find-personal-data.ts';
import { marker } from './marker.ts';
import { findTokens, openToken, placeholder } from './placeholders.ts';
import { type PiiDetectorSettings, restores } from './settings.ts';

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
  const entities = settings.mask_answers ? settings.entities : [];
  return {
    candidates: (text: string, at: number): Match[] =>
      candidatesIn(text, at, entities).flatMap((data) => masked(data, text, settings, facts)),
    open: (text: string, at: number) => openPersonalData(text, at, entities),
  };
}

function restored(text: string, at: number, facts: ExchangeFacts): Match[] {
  return findTokens(text).flatMap(({ start, end, name }) => {
    const original = facts.vault.get(name);
    if (original === undefined || start < at || isInUrl(text, start)) return [];
    return [{ start, end, rule: 'pii.restored', action: 'restore', replacement: original, score: 1 }];
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
): Match[] {
  const { start, end, entity, canonical } = data;
  const shown = text.slice(start, end);
  if (wasInRequest(shown, placeholder(entity, canonical, facts), facts)) return [];
  const rule = `pii.${entity}`;
  if (settings.action !== 'redact') return [{ start, end, rule, action: settings.action, score: 1 }];
  return [
    { start, end, rule, action: 'redact', replacement: marker(data, shown, settings, facts), score: 1 },
  ];
}

function wasInRequest(shown: string, token: string, facts: ExchangeFacts): boolean {
  if (facts.vault.has(token)) return true;
  const wanted = shown.toLowerCase();
  return facts.input.leaves.some((leaf) => leaf.text.toLowerCase().includes(wanted));
}
