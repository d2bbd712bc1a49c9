import * as z from 'zod';
import { readIfExists, replaceFile } from './private-file.ts';

/** How far the journal is acknowledged: segment → bytes. */
export type Positions = ReadonlyMap<string, number>;

const PositionFile = z.object({
  version: z.literal(1),
  /** Whose acknowledgements these are: another control plane begins anew. */
  endpoint: z.string(),
  segments: z.record(z.string(), z.int().nonnegative()),
});

/** Nothing is acknowledged where the file is missing, damaged, or another endpoint's: events are sent twice rather than not at all. */
export async function readPositions(path: string, endpoint: string): Promise<Map<string, number>> {
  const text = await readIfExists(path);
  const file = PositionFile.safeParse(text === undefined ? undefined : parse(text));
  if (!file.success || file.data.endpoint !== endpoint) return new Map();
  return new Map(Object.entries(file.data.segments));
}

export async function writePositions(path: string, endpoint: string, positions: Positions): Promise<void> {
  const file = { version: 1, endpoint, segments: Object.fromEntries(positions) };
  await replaceFile(path, `${JSON.stringify(file)}\n`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
