import type { Store, SubStore, Write } from './engine.ts';

/** A store that reads from the real one but keeps what is written until it is committed in one atomic batch. */
export interface BufferedStore {
  readonly store: Store;
  commit(): Promise<void>;
}

/** Buffers the writes of actions that touch each item at most once (they do not see each other's writes). */
export function bufferedStore(real: Store): BufferedStore {
  const writes: Write[] = [];
  const buffered = (sub: SubStore, prefix: string): SubStore => ({
    lock: (_key, run) => run((callback) => callback),
    get: (key, callback) => sub.get(key, callback),
    put(key, value, callback) {
      writes.push({ type: 'put', key: `${prefix}~${key}`, value });
      callback(null);
    },
    del(key, callback) {
      writes.push({ type: 'del', key: `${prefix}~${key}` });
      callback(null);
    },
  });
  const store: Store = {
    ...real,
    getItemDb: (table) => buffered(real.getItemDb(table), `item-${table}`),
    getIndexDb: (kind, table, index) =>
      buffered(real.getIndexDb(kind, table, index), `index-${kind.toLowerCase()}~${table}~${index}`),
  };
  return { store, commit: () => real.db.batch(writes) };
}
