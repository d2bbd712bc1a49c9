import { guardrailQuestion, guardrailUse } from '#core/policy/guardrail.ts';
import type { Inquiry, Leaf, Phase, RemotePart, Verdict } from '#core/policy/policy.ts';
import type { RemoteAnswer, RemoteFinding } from '#core/policy/remote.ts';
import type { PiiDetectorSettings } from '../settings.ts';
import { restores } from '../settings.ts';
import { forged, found, toVerdict } from './found.ts';

export const remote: RemotePart<PiiDetectorSettings> = {
  uses: ({ remote: named }) => {
    const { comprehend, bedrock_guardrail: guardrail } = named ?? {};
    return [
      ...(comprehend
        ? [{ detector: 'comprehend' as const, phases: phases(comprehend), path: ['remote', 'comprehend'] }]
        : []),
      ...(guardrail ? [guardrailUse(guardrail, phases(guardrail))] : []),
    ];
  },
  input: ({ leaves }, settings, facts) => {
    const places = leaves.flatMap((leaf, i) => (isAsked(leaf) ? [i] : []));
    const texts = places.map((i) => leaves[i]?.text ?? '');
    return inquiries(texts, 'INPUT', settings, (findings, scanned) => {
      const data = found(texts, findings, settings, facts);
      if (!restores(settings)) return toVerdict(data, places, settings, scanned);
      for (const { replacement, original } of data) facts.vault.set(replacement, original);
      return toVerdict([...data, ...forged(texts, data)], places, settings, scanned);
    });
  },
  output: (answer, settings, facts) => {
    const texts = answer.map(({ text }) => text);
    const asked = facts.input.leaves.map(({ text }) => text.toLowerCase());
    return inquiries(texts, 'OUTPUT', settings, (findings, scanned) => {
      // What the request said itself is no news to who asked.
      const data = found(texts, findings, settings, facts).filter(
        ({ original }) => !asked.some((text) => text.includes(original.toLowerCase())),
      );
      return toVerdict(data, [...texts.keys()], settings, scanned);
    });
  },
};

/** A detector elsewhere judges answers: they wait for it. */
export function asksAboutAnswers(settings: PiiDetectorSettings): boolean {
  return remote.uses(settings).some(({ phases: asked }) => asked.includes('output'));
}

function phases({ answers }: { readonly answers: boolean }): Phase[] {
  return answers ? ['input', 'output'] : ['input'];
}

/** What people wrote: no schema and no parameter of the call, and no key, which could not be replaced. */
function isAsked({ role, fixed, text }: Leaf): boolean {
  return role !== 'schema' && role !== 'parameter' && !fixed && /\p{L}/u.test(text);
}

function inquiries(
  texts: readonly string[],
  source: 'INPUT' | 'OUTPUT',
  { remote: named }: PiiDetectorSettings,
  judge: (findings: readonly RemoteFinding[], scanned: number) => Verdict,
): Inquiry[] {
  const { comprehend, bedrock_guardrail: guardrail } = named ?? {};
  const asked: Inquiry[] = [];
  const isOn = ({ answers }: { readonly answers: boolean }) => source === 'INPUT' || answers;
  if (texts.length === 0) return asked;
  if (comprehend && isOn(comprehend)) {
    const { language, entities, min_score } = comprehend;
    const counts = ({ label, score }: RemoteFinding) =>
      score >= min_score && (entities as readonly string[]).includes(label);
    asked.push({
      question: { detector: 'comprehend', language, texts },
      hear: ({ findings, scanned }: RemoteAnswer) => judge(findings.filter(counts), scanned),
    });
  }
  if (guardrail && isOn(guardrail)) {
    const counts = ({ label }: RemoteFinding) => /^(?:pii|regex)\./.test(label);
    asked.push({
      question: guardrailQuestion(guardrail, source, texts),
      hear: ({ findings, scanned }) => judge(findings.filter(counts), scanned),
    });
  }
  return asked;
}
