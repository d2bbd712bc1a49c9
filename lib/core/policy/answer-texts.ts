import type { AnswerPiece } from './answer.ts';
import { applyReplacements, joinOverlaps, wholePairs } from './edits.ts';
import { isJson, literalsOf } from './json-literals.ts';
import type { AnswerText, Edit, Span } from './policy.ts';

/** A text of the answer and where it stands. */
interface PlacedText extends AnswerText {
  /** Index of its field. */
  readonly field: number;
  /** Of the literal in the field; absent when it is the whole field. */
  readonly literal?: Span;
  /** What of it is shown as a placeholder: in the text that is sent, and in the field. */
  readonly hidden: readonly Hidden[];
}

interface Hidden {
  readonly sent: Span;
  readonly own: Span;
}

/**
 * The texts of a finished answer as a remote party may see them: values that were put back are their placeholders again, and JSON
 * is sent string by string, so that no escape hides anything and every edit leaves it valid.
 */
export function answerTexts(
  fields: readonly AnswerPiece[],
  vault: ReadonlyMap<string, string>,
): PlacedText[] {
  return fields.flatMap((piece, field) => textsOf(piece, field, vault)).filter(({ text }) => text !== '');
}

function textsOf(
  { choice, kind, text }: AnswerPiece,
  field: number,
  vault: ReadonlyMap<string, string>,
): PlacedText[] {
  if (kind !== 'tool-arguments' || !isJson(text)) return [{ choice, kind, field, ...hide(text, vault) }];
  return [...literalsOf(text)].map(({ decoded, start, end, isKey }) => {
    return { choice, kind, field, text: decoded, hidden: [], literal: { start, end }, fixed: isKey };
  });
}

/** The text with every value of the vault replaced by its placeholder, the longest value first. */
function hide(text: string, vault: ReadonlyMap<string, string>): Pick<PlacedText, 'text' | 'hidden'> {
  const values = [...vault].flatMap(([placeholder, value]) =>
    [...new Set([value, JSON.stringify(value).slice(1, -1)])].map((shown) => ({ placeholder, shown })),
  );
  const found = values.flatMap(({ placeholder, shown }) =>
    placesOf(shown, text).map((start) => ({ start, end: start + shown.length, replacement: placeholder })),
  );
  const hidden: Hidden[] = [];
  const replacements = joinOverlaps(found);
  let moved = 0;
  for (const { start, end, replacement } of replacements) {
    const at = start + moved;
    hidden.push({ sent: { start: at, end: at + replacement.length }, own: { start, end } });
    moved += replacement.length - (end - start);
  }
  return { text: applyReplacements(text, replacements), hidden };
}

function placesOf(wanted: string, text: string): number[] {
  const places: number[] = [];
  if (wanted === '') return places;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) places.push(at);
  return places;
}

/** The fields with edits carried out that name the texts by their place in the list. */
export function editAnswer(
  fields: readonly AnswerPiece[],
  texts: readonly PlacedText[],
  edits: readonly Edit[],
): AnswerPiece[] {
  const byText = [...Map.groupBy(edits, ({ leaf }) => leaf)];
  const changes = byText.flatMap(([index, own]) => {
    const text = texts[index];
    return text ? [{ field: text.field, edits: onField(text, own) }] : [];
  });
  return fields.map((piece, field) => {
    const own = changes.filter((change) => change.field === field).flatMap((change) => change.edits);
    const whole = own.map((edit) => wholePairs(piece.text, edit));
    return own.length === 0 ? piece : { ...piece, text: applyReplacements(piece.text, joinOverlaps(whole)) };
  });
}

function onField({ text, literal, hidden }: PlacedText, edits: readonly Edit[]) {
  if (!literal) {
    return edits.map(({ start, end, replacement }) => {
      return { start: ownStart(start, hidden), end: ownEnd(end, hidden), replacement };
    });
  }
  const edited = applyReplacements(text, joinOverlaps(edits.map((edit) => wholePairs(text, edit))));
  return [{ ...literal, replacement: JSON.stringify(edited) }];
}

/** A place in the sent text, told in the field; inside a placeholder it is where the value begins … */
function ownStart(at: number, hidden: readonly Hidden[]): number {
  const before = hidden.filter(({ sent }) => sent.start <= at).at(-1);
  if (!before) return at;
  return at < before.sent.end ? before.own.start : before.own.end + (at - before.sent.end);
}

/** … or ends. */
function ownEnd(at: number, hidden: readonly Hidden[]): number {
  const before = hidden.filter(({ sent }) => sent.start < at).at(-1);
  if (!before) return at;
  return at <= before.sent.end ? before.own.end : before.own.end + (at - before.sent.end);
}
