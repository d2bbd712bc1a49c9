import * as z from 'zod';
import { allow, definePolicy, type Finding, type InputText, type Verdict } from '#core/policy/policy.ts';
import { normalizeView } from '#core/text/build-views.ts';
import { reasonFor, scannedIn, unreadIn } from '#core/text/exhausted.ts';
import { joinLeaves } from '#core/text/join-leaves.ts';
import { findPattern, firstMatch, LinearPatternText } from '#core/text/linear-pattern.ts';
import { leafSpan } from '#core/text/view-text.ts';
import type { View } from '#core/text/views.ts';
import { isJudged } from './judged.ts';
import { createModel } from './model.ts';
import { RemoteSettings, remote } from './remote.ts';
import type { Judgement } from './score.ts';
import { createWeigh, type Suspicion } from './weigh.ts';
import { MODEL } from './weights.ts';

const PromptInjectionSettings = z.strictObject({
  action: z
    .enum(['block', 'flag', 'escalate'])
    .default('block')
    .describe('What happens to a request with an attack'),
  sensitivity: z
    .enum(['low', 'balanced', 'high'])
    .default('balanced')
    .describe('How little evidence is enough'),
  attack_patterns: z
    .array(LinearPatternText)
    .max(50)
    .default([])
    .describe('RE2 patterns that are always an attack'),
  allow_patterns: z
    .array(LinearPatternText)
    .max(50)
    .default([])
    .describe('RE2 patterns of phrases that are no evidence'),
  remote: RemoteSettings,
});
type Settings = z.infer<typeof PromptInjectionSettings>;

const weigh = createWeigh(createModel(MODEL));
/** So many hidden characters are not an accident. */
const HIDDEN_CHARACTERS = 8;

export const promptInjection = definePolicy<Settings>({
  kind: 'prompt-injection',
  phases: ['input'],
  summary: 'Stops attempts to override instructions, extract the system prompt or jailbreak the model',
  settings: PromptInjectionSettings,
  needs: () => 'none',
  remote,
  input: (text, settings, facts) => {
    const wanted = text.leaves.flatMap((leaf, i) => (isJudged(leaf) ? [i] : []));
    const scanned = scannedIn(text, wanted);
    if (facts.probe || wanted.length === 0) return allow(scanned);
    const findings = [
      ...wanted.flatMap((leaf) => judgeLeaf(text, leaf, settings)),
      ...judgeJoined(text, wanted, settings),
      ...wanted.flatMap((leaf) => unreadIn(text, leaf)),
    ];
    return findings.length === 0 ? allow(scanned) : detected(findings, settings, scanned);
  },
});

function detected(findings: readonly Finding[], settings: Settings, scanned: number): Verdict {
  const score = Math.max(...findings.map((finding) => finding.score));
  const reason = reasonFor(findings, 'prompt_injection.detected');
  return { action: settings.action, reason, score, findings, scanned };
}

function judgeLeaf(text: InputText, leaf: number, settings: Settings): Finding[] {
  const { raw, normal, decoded, respelled = [], suspicious } = text.views(leaf);
  const { role = 'user' } = text.leaves[leaf] ?? {};
  const suspicion = { sensitivity: settings.sensitivity, untrusted: role === 'tool' };
  const views = [normal, ...respelled, ...decoded.map(normalizeView)];
  const judged = views.flatMap((view) => evidence(view, leaf, suspicion, settings));
  if (judged.length > 0) return judged;
  // Patterns do not mind case: without a way back the normal view says what the raw one says.
  const read = normal.origin ? [raw, normal, ...decoded] : [raw, ...decoded];
  return [...customPatterns(leaf, read, settings), ...hiddenText(leaf, suspicious)];
}

function evidence(view: View, leaf: number, suspicion: Suspicion, settings: Settings): Finding[] {
  const judgement = weighAllowed(view.text, suspicion, settings);
  if (!judgement) return [];
  return toFindings(judgement, leaf, (start, end) => leafSpan(view, start, end));
}

function toFindings(
  { score, evidence: found }: Judgement,
  where: number,
  place: (start: number, end: number) => { start: number; end: number },
): Finding[] {
  return found.map(({ rule, start, end }) => ({ rule, score, where, spans: [place(start, end)] }));
}

function customPatterns(leaf: number, views: readonly View[], settings: Settings): Finding[] {
  return settings.attack_patterns.flatMap((pattern) =>
    views.flatMap((view) => {
      const match = firstMatch(pattern, view.text, true);
      if (!match) return [];
      const spans = [leafSpan(view, match.start, match.end)];
      return [{ rule: 'injection.custom', score: 1, where: leaf, spans }];
    }),
  );
}

function hiddenText(leaf: number, suspicious: number): Finding[] {
  return suspicious < HIDDEN_CHARACTERS ? [] : [{ rule: 'injection.hidden', score: 0.8, where: leaf }];
}

/** An attack cut into several parts or messages shows only when they are read together. */
function judgeJoined(text: InputText, wanted: readonly number[], settings: Settings): Finding[] {
  const spoken = wanted.filter((leaf) => text.leaves[leaf]?.role === 'user');
  for (const joined of joinLeaves(text, spoken)) {
    const suspicion = { sensitivity: settings.sensitivity, untrusted: false };
    const judgement = weighAllowed(joined.text, suspicion, settings);
    if (judgement) return judgement.evidence.map(({ rule }) => ({ rule, score: judgement.score }));
  }
  return [];
}

/** Patterns are slow, so allowed phrases are looked for only where there is something to excuse. */
function weighAllowed(text: string, suspicion: Suspicion, settings: Settings): ReturnType<typeof weigh> {
  const judgement = weigh(text, suspicion);
  if (!judgement || settings.allow_patterns.length === 0) return judgement;
  return weigh(withoutAllowed(text, settings), suspicion);
}

/** Allowed phrases are blanked out, so that they excuse themselves and nothing beside them. */
function withoutAllowed(text: string, settings: Settings): string {
  return settings.allow_patterns
    .flatMap((pattern) => findPattern(pattern, text, true))
    .reduce((rest, { start, end }) => rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end), text);
}
