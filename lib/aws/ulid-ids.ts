import { monotonicFactory } from 'ulid';
import type { Ids } from '#core/ports.ts';

const next = monotonicFactory();

/** ULIDs that rise within one process, also within one millisecond. */
export const ulidIds: Ids = { next: () => next() };
