import { cutsPair } from './edits.ts';
import type { Span } from './policy.ts';

/** Between two texts in one document. */
const GAP = '\n\n';
/** A long text is cut into pieces that share so many code units, so that what lies across a cut is seen whole in one of them. */
const SHARED = 200;

/** Several texts sent as one, because a call is paid for and a service has a limit. */
export interface RemoteDocument {
  readonly text: string;
  readonly pieces: readonly Piece[];
}

interface Piece {
  /** Index of the text. */
  readonly text: number;
  /** Where the piece begins in its text, and in the document. */
  readonly from: number;
  readonly at: number;
  readonly length: number;
}

/** The texts in documents of at most `limit` code units. */
export function toDocuments(texts: readonly string[], limit: number): RemoteDocument[] {
  const documents: { text: string; pieces: Piece[] }[] = [];
  for (const [text, whole] of texts.entries()) {
    for (const { start, end } of cut(whole, limit)) {
      let last = documents.at(-1);
      if (!last || last.text.length + GAP.length + (end - start) > limit) {
        last = { text: '', pieces: [] };
        documents.push(last);
      }
      if (last.text !== '') last.text += GAP;
      last.pieces.push({ text, from: start, at: last.text.length, length: end - start });
      last.text += whole.slice(start, end);
    }
  }
  return documents;
}

function cut(text: string, limit: number): Span[] {
  const cuts: Span[] = [];
  for (let start = 0; start < text.length; ) {
    const wanted = Math.min(text.length, start + limit);
    const end = cutsPair(text, wanted) ? wanted - 1 : wanted;
    cuts.push({ start, end });
    if (end === text.length) break;
    const next = end - Math.min(SHARED, Math.floor(limit / 2));
    start = cutsPair(text, next) ? next - 1 : next;
  }
  return cuts;
}

/** A span of a document, told in the texts it lies in. */
export function placeIn({ pieces }: RemoteDocument, { start, end }: Span): (Span & { text: number })[] {
  return pieces.flatMap(({ text, from, at, length }) => {
    const first = Math.max(start, at);
    const last = Math.min(end, at + length);
    return first < last ? [{ text, start: first - at + from, end: last - at + from }] : [];
  });
}

/** From offsets in Unicode code points to UTF-16 code units; offsets behind the end give its length. */
export function codeUnitOffsets(text: string): (codePoints: number) => number {
  // Most texts have no surrogates: then both count alike.
  if (!/[\ud800-\udbff]/.test(text)) return (codePoints) => Math.min(codePoints, text.length);
  const starts: number[] = [];
  let at = 0;
  for (const sign of text) {
    starts.push(at);
    at += sign.length;
  }
  return (codePoints) => starts[codePoints] ?? text.length;
}
