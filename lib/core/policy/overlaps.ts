import { joinOverlaps, overlap, type Replacement } from './edits.ts';
import type { FieldMatch } from './scanner.ts';
import { NOWHERE } from './text-window.ts';

/**
 * Which of the matches that overlap decide what the client reads. A block beats everything (the guard stops before this
 * is asked). Redactions that overlap become one, so that nothing any policy wanted hidden stays. A placeholder is restored only
 * where nothing is redacted; of two that overlap the longer, then the one of the earlier step. Sorted by start.
 */
export function resolveOverlaps(matches: readonly FieldMatch[]): Replacement[] {
  const redactions = joinOverlaps(replacements(matches, 'redact').sort((a, b) => a.step - b.step));
  const restores = replacements(matches, 'restore').sort(
    (a, b) => b.end - b.start - (a.end - a.start) || a.step - b.step || a.start - b.start,
  );

  const chosen: Replacement[] = [...redactions];
  for (const restore of restores) {
    if (!chosen.some((other) => overlap(other, restore))) chosen.push(restore);
  }
  return chosen.sort((a, b) => a.start - b.start);
}

/** The last position at or before `at` that lies inside no match that changes the text. */
export function clearOf(matches: readonly FieldMatch[], at: number): number {
  let clear = at;
  for (;;) {
    const crossing = matches.find((match) => changesText(match) && match.start < clear && match.end > clear);
    if (!crossing) return clear;
    clear = crossing.start;
  }
}

/** Start of the first match with this action, or NOWHERE. */
export function firstStart(matches: readonly FieldMatch[], action: FieldMatch['action']): number {
  let first = NOWHERE;
  for (const match of matches) if (match.action === action && match.start < first) first = match.start;
  return first;
}

function changesText(match: FieldMatch): boolean {
  return match.action !== 'flag' && match.action !== 'escalate';
}

function replacements(matches: readonly FieldMatch[], action: 'redact' | 'restore') {
  return matches
    .filter((match) => match.action === action)
    .map(({ start, end, step, replacement = '' }) => ({ start, end, step, replacement }));
}
