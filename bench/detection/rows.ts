import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One row of a data set. Sets add columns of their own (`lang`, `spans`, `expected_count`, …). */
export interface Row {
  readonly id: string;
  readonly text: string;
  readonly label?: number;
  readonly cat?: string;
  /** Near duplicates carry the same one. */
  readonly cluster?: string;
  readonly [column: string]: unknown;
}

/** Which side of the split inside the development half a row is on. Models are trained on `train` only. */
export type Part = 'train' | 'test';

/** Share of the near-duplicate clusters that models may learn from, in 256ths. */
const TRAIN = 179;

/** Fixed by the SHA-256 of the near-duplicate cluster (or of the row), so that no text has a twin on the other side. */
export function partOf({ cluster, id }: Row): Part {
  const [first = 0] = createHash('sha256')
    .update(cluster ?? id)
    .digest();
  return first < TRAIN ? 'train' : 'test';
}

/** All rows of one set below the data folder, e.g. `benign/banking77`. */
export function readRows<R extends Row = Row>(data: string, set: string): R[] {
  const lines = readFileSync(join(data, set, 'data.jsonl'), 'utf8').split('\n');
  return lines.filter(Boolean).map((line) => JSON.parse(line) as R);
}

/** The rows of one set that no model has seen. */
export function testRows<R extends Row = Row>(data: string, set: string): R[] {
  return readRows<R>(data, set).filter((row) => partOf(row) === 'test');
}

/** Sets of everyday requests and documents that hold no attack, no secret and nothing unsafe. */
export const ORDINARY_SETS = [
  'benign/arena_hard_mtbench_ifeval',
  'benign/self_instruct',
  'benign/llmbar_bbh_gsm8k_humaneval',
  'benign/banking77',
  'benign/gpteacher_roleplay_codegen',
  'benign/tech_docs',
  'benign/llmail_clean_emails',
  'benign/agentdojo_tool_data',
] as const;

/** `gpteacher` holds role play as well, which is no ordinary text. */
export const isOrdinary = (row: Row): boolean => row.cat !== 'roleplay';
