/** A run of words that both texts have, that only the old one has, or that only the new one has. */
export interface DiffPiece {
  readonly kind: 'same' | 'gone' | 'new';
  readonly text: string;
}

/** Above this the middle is shown as replaced at once: the page answers each key stroke. */
const MAX_CELLS = 1_000_000;

/** What changed from one text to another, word by word; spaces count as words, so the pieces add up to both texts. */
export function wordDiff(before: string, after: string): DiffPiece[] {
  const old = words(before);
  const now = words(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  return joined([
    ...old.slice(0, start).map((text) => ({ kind: 'same' as const, text })),
    ...middle(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...old.slice(old.length - end).map((text) => ({ kind: 'same' as const, text })),
  ]);
}

function words(text: string): string[] {
  return text.match(/\s+|\S+/g) ?? [];
}

/** By the longest common subsequence. */
function middle(old: readonly string[], now: readonly string[]): DiffPiece[] {
  if (old.length * now.length > MAX_CELLS) return [piece('gone', old.join('')), piece('new', now.join(''))];
  const lengths = commonLengths(old, now);
  const width = now.length + 1;
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  const pieces: DiffPiece[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      pieces.push(piece('same', old[i++] ?? ''));
      j++;
    } else if (i < old.length && (j === now.length || at(i + 1, j) >= at(i, j + 1)))
      pieces.push(piece('gone', old[i++] ?? ''));
    else pieces.push(piece('new', now[j++] ?? ''));
  }
  return pieces;
}

/** Row i, column j: how many words the texts have in common from there to their ends. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint32Array {
  const width = now.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  return lengths;
}

function piece(kind: DiffPiece['kind'], text: string): DiffPiece {
  return { kind, text };
}

/** One run per change: what goes before what comes, spaces between changed words with them. */
function joined(pieces: readonly DiffPiece[]): DiffPiece[] {
  const result: DiffPiece[] = [];
  let gone = '';
  let now = '';
  const flush = () => {
    if (gone) result.push(piece('gone', gone));
    if (now) result.push(piece('new', now));
    gone = now = '';
  };
  let same = '';
  pieces.forEach(({ kind, text }, index) => {
    const bridges =
      kind === 'same' && text.trim() === '' && isChange(pieces[index - 1]) && isChange(pieces[index + 1]);
    if (kind === 'same' && !bridges) {
      flush();
      same += text;
      return;
    }
    if (same) result.push(piece('same', same));
    same = '';
    if (kind !== 'new') gone += text;
    if (kind !== 'gone') now += text;
  });
  flush();
  return same ? [...result, piece('same', same)] : result;
}

function isChange(one: DiffPiece | undefined): boolean {
  return one !== undefined && one.kind !== 'same';
}
