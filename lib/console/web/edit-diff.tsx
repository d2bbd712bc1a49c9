import { useMemo } from 'preact/hooks';
import { Visible } from './visible.tsx';
import { type DiffPiece, wordDiff } from './word-diff.ts';

const TAGS = { same: 'span', gone: 'del', new: 'ins' } as const;

/** What an edit takes out and puts in. */
export function EditDiff({ before, after }: { before: string; after: string }) {
  const pieces = useMemo(() => wordDiff(before, after), [before, after]);
  return (
    <section aria-label="Changes">
      <pre class="answer">
        {pieces.map((piece) => (
          <Piece piece={piece} />
        ))}
      </pre>
    </section>
  );
}

function Piece({ piece }: { piece: DiffPiece }) {
  const Tag = TAGS[piece.kind];
  return (
    <Tag>
      <Visible text={piece.text} />
    </Tag>
  );
}
