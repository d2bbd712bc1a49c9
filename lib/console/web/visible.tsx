import { visiblePieces } from '#core/text/visible-text.ts';

/** Text of unknown origin: text nodes only, with a mark in the place of each character that would not be seen. */
export function Visible({ text }: { text: string }) {
  return (
    <>
      {visiblePieces(text).map((piece) =>
        'text' in piece ? (
          piece.text
        ) : (
          <mark class="hidden" title="invisible character">
            {piece.name}
          </mark>
        ),
      )}
    </>
  );
}
