import type { ExchangeFacts, Finding, InputText, Role, Verdict } from '#core/policy/policy.ts';
import { catalogue } from '#policies/catalogue.ts';
import { factsOf, inputOf, leaf } from '../../test/policies/exchange.ts';

/** Runs the input phase of a catalogue policy over one text, as the gateway would for a request of one message. */
export function runPolicy(kind: string, text: string, settings: object = {}, role: Role = 'user'): Verdict {
  const input = inputOf(leaf(text, role));
  return runOn(kind, input, settings, factsOf(input));
}

/** The same over leaves and facts of the caller's own. */
export function runOn(kind: string, input: InputText, settings: object, facts: ExchangeFacts): Verdict {
  const policy = catalogue.get(kind);
  const verdict = policy?.input?.(input, parsed(kind, settings), facts);
  if (!verdict) throw new Error(`${kind} has no input phase`);
  return verdict;
}

export const isCaught = ({ action }: Verdict): boolean => action !== 'allow';

/** Whether a finding of this rule (or family of rules) covers any of the range. */
export function covers({ findings }: Verdict, rule: string, start: number, end: number): boolean {
  return findings.some((finding) => finding.rule.startsWith(rule) && touches(finding, start, end));
}

function touches({ spans = [] }: Finding, start: number, end: number): boolean {
  return spans.some((span) => span.start < end && start < span.end);
}

const known = new Map<string, unknown>();

function parsed(kind: string, settings: object): unknown {
  const key = `${kind} ${JSON.stringify(settings)}`;
  if (!known.has(key)) known.set(key, catalogue.get(kind)?.settings.parse(settings));
  return known.get(key);
}
