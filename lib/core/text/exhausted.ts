import type { Finding, InputText } from '#core/policy/policy.ts';

/**
 * Rule and reason code of a leaf in which more is hidden than was decoded (see decode-layers.ts). Nobody can say what it holds, so
 * policies that look behind encodings treat all of it as a finding.
 */
export const EXHAUSTED = 'views.exhausted';

/** Characters of these leaves that were really looked at: none of a leaf with something unread in it. */
export function scannedIn(input: InputText, leaves: readonly number[]): number {
  const read = (leaf: number) => (input.views(leaf).exhausted ? 0 : (input.leaves[leaf]?.text.length ?? 0));
  return leaves.reduce((sum, leaf) => sum + read(leaf), 0);
}

/** The finding on a leaf that was not read to the end. */
export function unreadIn(input: InputText, leaf: number): Finding[] {
  return input.views(leaf).exhausted ? [{ rule: EXHAUSTED, score: 1, where: leaf }] : [];
}

/** The reason code of a verdict: the policy's own, unless all there is to say is that a leaf could not be read. */
export function reasonFor(findings: readonly Finding[], own: string): string {
  return findings.every(({ rule }) => rule === EXHAUSTED) ? EXHAUSTED : own;
}
