import type { FieldInspector, FieldMatch } from '#core/policy/scanner.ts';
import { sentenceEnd } from '#core/policy/sentences.ts';

export interface Expected {
  text: string;
  matches: string[];
  blockedBy: number | undefined;
}

/**
 * What a guard must make of a whole text, written a second time without any of its code but the sentence rule: all matches at
 * once, every position asked by itself who covers it.
 */
export function expectedOf(text: string, inspectors: readonly FieldInspector[]): Expected {
  const all = inspectors.flatMap((inspector) =>
    matchesOf(text, inspector).map((match) => ({ ...match, inspector })),
  );
  const acting = all.filter(({ inspector }) => inspector.holds);
  const edits = acting.filter(({ action }) => action !== 'flag' && action !== 'escalate');
  const block = edits
    .filter(({ action }) => action === 'block')
    .sort((a, b) => a.start - b.start || a.step - b.step)[0];

  const end = block ? clusterStart(block, edits) : text.length;
  const reported = all.filter((match) => {
    if (!block) return true;
    return match.inspector.holds ? match.start <= block.start : match.end < block.start;
  });
  return {
    text: rewrite(
      text.slice(0, end),
      edits.filter((edit) => edit.end <= end),
    ),
    matches: reported.map(showMatch).sort(),
    blockedBy: block?.step,
  };
}

export function showMatch(match: FieldMatch): string {
  return `${match.step} ${match.rule} ${match.start}-${match.end}`;
}

function matchesOf(text: string, { step, inspector }: FieldInspector): FieldMatch[] {
  if (inspector.need === 'window') {
    return inspector.find(text, 0, true).map((match) => ({ ...widened(text, match), step }));
  }
  const found: FieldMatch[] = [];
  for (let start = 0; start < text.length; ) {
    const next = sentenceEnd(text, start);
    const end = next < 0 ? text.length : next;
    found.push(...inspector.find(text.slice(0, end), start, true).map((match) => ({ ...match, step })));
    start = end;
  }
  return found;
}

function widened<M extends { start: number; end: number }>(text: string, match: M): M {
  const low = (at: number) =>
    /[\uDC00-\uDFFF]/.test(text.charAt(at)) && /[\uD800-\uDBFF]/.test(text.charAt(at - 1));
  return {
    ...match,
    start: low(match.start) ? match.start - 1 : match.start,
    end: low(match.end) ? match.end + 1 : match.end,
  };
}

function clusterStart(block: FieldMatch, edits: readonly FieldMatch[]): number {
  const cluster = new Set([block]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const edit of edits) {
      if (cluster.has(edit)) continue;
      if (![...cluster].some((member) => edit.start < member.end && member.start < edit.end)) continue;
      cluster.add(edit);
      grew = true;
    }
  }
  return Math.min(...[...cluster].map((member) => member.start));
}

function rewrite(text: string, edits: readonly FieldMatch[]): string {
  const owner: (FieldMatch | undefined)[] = Array.from({ length: text.length });
  const redactions = edits.filter(({ action }) => action === 'redact');
  for (const group of groups(redactions)) {
    const winner = [...group].sort(
      (a, b) => b.end - b.start - (a.end - a.start) || a.step - b.step || a.start - b.start,
    )[0];
    for (const member of group) for (let at = member.start; at < member.end; at += 1) owner[at] = winner;
  }
  const restores = edits.filter(({ action }) => action === 'restore');
  restores.sort((a, b) => b.end - b.start - (a.end - a.start) || a.step - b.step || a.start - b.start);
  for (const restore of restores) {
    const range = Array.from({ length: restore.end - restore.start }, (_, index) => restore.start + index);
    if (range.every((at) => !owner[at])) for (const at of range) owner[at] = restore;
  }
  let out = '';
  for (let at = 0; at < text.length; at += 1) {
    const edit = owner[at];
    if (!edit) out += text.charAt(at);
    else if (owner[at - 1] !== edit) out += edit.replacement;
  }
  return out;
}

function groups(edits: readonly FieldMatch[]): FieldMatch[][] {
  const grouped: FieldMatch[][] = [];
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    const last = grouped.at(-1);
    if (last?.some((member) => edit.start < member.end)) last.push(edit);
    else grouped.push([edit]);
  }
  return grouped;
}
