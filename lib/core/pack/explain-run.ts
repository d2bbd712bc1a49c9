import type { Catalogue, Finding, InputText, Leaf, Policy, Verdict } from '#core/policy/policy.ts';

/** What one policy was given in the input phase, and what it made of it. */
export interface PolicyView {
  readonly kind: string;
  readonly input: InputText;
  /** Undefined when it failed. */
  readonly verdict: Verdict | undefined;
}

/** The same policies; every input they judge is added to `seen`, with the roles and redactions of its place in the chain. */
export function watchedCatalogue(catalogue: Catalogue, seen: PolicyView[]): Catalogue {
  return new Map([...catalogue].map(([kind, policy]) => [kind, watched(policy, seen)]));
}

function watched(policy: Policy, seen: PolicyView[]): Policy {
  const judge = policy.input?.bind(policy);
  if (!judge) return policy;
  return {
    ...policy,
    input(input, settings, facts) {
      let verdict: Verdict | undefined;
      try {
        verdict = judge(input, settings, facts);
        return verdict;
      } finally {
        seen.push({ kind: policy.kind, input, verdict });
      }
    },
  };
}

/** A text that changed before a policy saw it, because an earlier one redacted. */
export interface ChangedText {
  /** The first policy that saw it so. */
  readonly seenBy: string;
  readonly leaf: Leaf;
}

/** How the texts of a request changed on their way through the chain, as far as a policy saw it. */
export function changesOnTheWay(leaves: readonly Leaf[], seen: readonly PolicyView[]): ChangedText[] {
  const texts = new Map(leaves.map((leaf) => [placeOf(leaf), leaf.text]));
  const changes: ChangedText[] = [];
  for (const { kind, input } of seen) {
    for (const leaf of input.leaves) {
      if (texts.get(placeOf(leaf)) === leaf.text) continue;
      texts.set(placeOf(leaf), leaf.text);
      changes.push({ seenBy: kind, leaf });
    }
  }
  return changes;
}

const placeOf = ({ path, fixed }: Leaf) => JSON.stringify([path, fixed ?? false]);

/** A text that is looked at beside the original one. */
export interface OtherView {
  readonly name: string;
  readonly text: string;
}

/** The views of a leaf that say something else than the leaf: how it reads without tricks, and what is encoded in it. */
export function otherViews(input: InputText, leaf: number): OtherView[] {
  const { raw, normal, decoded, respelled = [] } = input.views(leaf);
  const plain = raw.text.toLowerCase();
  const views = [
    { name: 'normal', text: normal.text },
    ...decoded.map(({ text }) => ({ name: 'decoded', text })),
    ...respelled.map(({ text }) => ({ name: 'respelled', text })),
  ];
  const known = new Set([plain]);
  return views.filter(({ text }) => {
    const isNew = text !== '' && !known.has(text.toLowerCase());
    known.add(text.toLowerCase());
    return isNew;
  });
}

/** Where a finding stands: `messages[0].content 3–17`, by the places of the leaves its policy saw. */
export function findingPlace({ where, spans = [] }: Finding, placeOf: (leaf: number) => string): string {
  const place = typeof where === 'number' ? placeOf(where) : (where ?? 'the texts joined');
  const ranges = spans.slice(0, 5).map(({ start, end }) => `${start}–${end}`);
  return [place, ...ranges].join(' ');
}
