import { createFieldGuard, type FieldGuard } from './field-guard.ts';
import { emptyRelease, type FieldRelease } from './field-release.ts';
import { isDocument, isJson, literalsOf } from './json-literals.ts';
import type { FieldInspector } from './scanner.ts';

/**
 * Guards a tool's name or arguments. Both are short and useless in part, so while any inspector holds tool calls back nothing is
 * released before the end; otherwise everything passes at once and is only looked at when it is complete.
 */
export function createToolGuard(
  kind: 'tool-name' | 'tool-arguments',
  inspectors: readonly FieldInspector[],
  holds: boolean,
  now: () => number,
): FieldGuard {
  let text = '';
  let ended = false;
  return {
    get held() {
      return holds && !ended ? text.length : 0;
    },
    push(chunk) {
      text += chunk;
      return { ...emptyRelease(false), text: holds ? '' : chunk };
    },
    end() {
      ended = true;
      const guarded =
        kind === 'tool-arguments' ? guardArguments(text, inspectors, now) : guardText(text, inspectors, now);
      return holds ? guarded : { ...guarded, text: '' };
    },
  };
}

/**
 * Guards every string and number of JSON by itself, decoded, so that an escape hides nothing, and JSON inside a string likewise; only
 * the literals that change are written anew. A key cannot be redacted, because the tool would not know it: it blocks. What is not
 * JSON is guarded as plain text.
 */
function guardArguments(
  raw: string,
  inspectors: readonly FieldInspector[],
  now: () => number,
  depth = 0,
): FieldRelease {
  if (!isJson(raw)) return allOrNothing(guardText(raw, inspectors, now));
  const release = emptyRelease(false);
  let done = 0;
  for (const { literal, decoded, start, end, isKey } of literalsOf(raw)) {
    const guarded = isDocument(decoded, depth + 1)
      ? guardArguments(decoded, inspectors, now, depth + 1)
      : guardText(decoded, inspectors, now);
    if (isKey) blockRedaction(guarded);
    note(guarded, release);
    if (release.blocked) return allOrNothing(release);

    const text = guarded.text + guarded.withheld;
    release.text += raw.slice(done, start) + (text === decoded ? literal : JSON.stringify(text));
    done = end;
  }
  release.text += raw.slice(done);
  return allOrNothing(release);
}

/** The guard's word on a complete text. */
function guardText(text: string, inspectors: readonly FieldInspector[], now: () => number): FieldRelease {
  const guard = createFieldGuard(inspectors, now);
  const first = guard.push(text);
  const last = guard.end();
  note(last, first);
  return { ...first, text: first.text + last.text, withheld: first.withheld + last.withheld };
}

/** Half a tool call is of no use: blocked it is gone, escalated it is for the reviewer. */
function allOrNothing(release: FieldRelease): FieldRelease {
  if (release.blocked) return { ...release, text: '', withheld: '' };
  return release.escalated ? { ...release, text: '', withheld: release.text + release.withheld } : release;
}

function note(part: FieldRelease, whole: FieldRelease): void {
  whole.matches.push(...part.matches);
  whole.failures.push(...part.failures);
  whole.escalated ||= part.escalated;
  if (part.blocked) whole.blocked ??= part.blocked;
}

function blockRedaction(release: FieldRelease): void {
  const redaction = release.matches.find((match) => match.action === 'redact');
  if (redaction) release.blocked ??= { step: redaction.step };
}
