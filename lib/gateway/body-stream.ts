const encoder = new TextEncoder();

/** Frames of text, or bytes. */
type Piece = string | Uint8Array;

/**
 * A response body from a generator that was already started (its first value is `first`), so that leaving early always runs the
 * generator's `finally`.
 */
export function framesBody(
  first: Piece,
  frames: AsyncGenerator<Piece, void, void>,
): ReadableStream<Uint8Array> {
  let waiting: Piece | undefined = first;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (waiting !== undefined) {
          controller.enqueue(toBytes(waiting));
          waiting = undefined;
          return;
        }
        const { done, value } = await frames.next();
        if (done) controller.close();
        else controller.enqueue(toBytes(value));
      },
      async cancel() {
        await frames.return();
      },
    },
    // Nothing is made before somebody reads it.
    { highWaterMark: 0 },
  );
}

function toBytes(piece: Piece): Uint8Array {
  return typeof piece === 'string' ? encoder.encode(piece) : piece;
}

/** A body that is sent at once and ends when `settled` has resolved. */
export function settledBody(text: string, settled: Promise<void>): ReadableStream<Uint8Array> {
  let sent = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!sent) {
          sent = true;
          controller.enqueue(encoder.encode(text));
          return;
        }
        await settled;
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}
