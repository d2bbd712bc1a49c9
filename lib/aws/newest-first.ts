import type { PartitionReader, Row } from './dynamo-partition.ts';

/** At most this many partitions are asked at the same time. */
const PARALLEL = 16;

/** Merges partitions into one sequence, highest id first. */
export async function* newestFirst(readers: readonly PartitionReader[]): AsyncGenerator<Row> {
  for (let i = 0; i < readers.length; i += PARALLEL) {
    await Promise.all(readers.slice(i, i + PARALLEL).map((reader) => reader.peek()));
  }
  for (;;) {
    let newest: { reader: PartitionReader; row: Row } | undefined;
    for (const reader of readers) {
      const row = await reader.peek();
      if (row && (newest === undefined || row.id > newest.row.id)) newest = { reader, row };
    }
    if (!newest) return;
    newest.reader.skip();
    yield newest.row;
  }
}
