import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import type { DatabaseSync } from 'node:sqlite';
import type { AccountState } from '#core/budget/accounts.ts';
import { type Charge, chargesOf, type HeldAccount, heldText } from '#core/budget/hold.ts';
import { reachedPercents } from '#core/budget/warnings.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { BudgetBook, Intent, NoRoom } from '#core/ports.ts';

/** Budgets of one machine in one SQLite file; several processes may use it at once. */
export interface BudgetStore extends BudgetBook {
  /** Sets the intent's hold aside, whole or not at all. */
  reserve(intent: Intent): NoRoom | undefined;
  /** Gives back what the call held and counts what it cost, once, whatever is told twice. */
  settle(event: LedgerEvent): void;
  /** Percentages of this account that became due with this event; each is given once, to one process. */
  newPercents(event: LedgerEvent, account: HeldAccount): number[];
  /** Nothing was called and nothing recorded: gives back what the call held. */
  release(requestId: string): void;
  /** Calls whose deadline is before `now` (ISO) and that still hold something. */
  overdue(now: string): string[];
  close(): void;
}

/** Every commit is on disk before a provider is called (`synchronous = FULL`); others wait at most this long for it. */
const BUSY_MS = 5000;
const KEEP_DAYS = 40;

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA busy_timeout = ${BUSY_MS};
  CREATE TABLE IF NOT EXISTS account (id TEXT PRIMARY KEY, used INTEGER NOT NULL, spent INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS call (
    id TEXT PRIMARY KEY, held TEXT, deadline TEXT NOT NULL, closed TEXT, counted INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE IF NOT EXISTS told (id TEXT, percent INTEGER, PRIMARY KEY (id, percent)) STRICT;
  CREATE INDEX IF NOT EXISTS overdue ON call (deadline) WHERE held IS NOT NULL;
  DELETE FROM call WHERE closed IS NOT NULL AND deadline < datetime('now', '-${KEEP_DAYS} days');
`;

/** SQLite is loaded here, not before: a gateway without budgets does without. */
export async function openBudgetStore(path: string): Promise<BudgetStore> {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(path);
  db.exec(SCHEMA);
  return storeIn(db);
}

interface Call {
  readonly held: string | null;
  readonly closed: string | null;
  readonly counted: number;
}

function storeIn(db: DatabaseSync): BudgetStore {
  const read = db.prepare('SELECT used, spent FROM account WHERE id = ?');
  const add = db.prepare(
    'INSERT INTO account VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET used = used + excluded.used, spent = spent + excluded.spent',
  );
  const findCall = db.prepare('SELECT held, closed, counted FROM call WHERE id = ?');
  const putCall = db.prepare('INSERT INTO call (id, held, deadline) VALUES (?, ?, ?)');
  const closeCall = db.prepare(
    'INSERT INTO call (id, held, deadline, closed, counted) VALUES (?, NULL, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET held = NULL, closed = excluded.closed, counted = excluded.counted',
  );

  function whole<T>(work: () => T): T {
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  }
  function stateOf(id: string): AccountState {
    const { used = 0, spent = 0 } = (read.get(id) ?? {}) as { used?: number; spent?: number };
    return { id, spentMicros: spent, usedMicros: used };
  }
  function charge(charges: readonly Charge[]): void {
    for (const { id, used, spent } of charges) add.run(id, used, spent);
  }
  const callOf = (id: string) => findCall.get(id) as Call | undefined;

  return {
    states: async (ids) => ids.map(stateOf),
    reserve: ({ requestId, deadline, hold }) =>
      whole(() => {
        const held = hold && heldText(hold);
        if (!hold || held === undefined) return undefined;
        const full = hold.accounts
          .filter(({ soft }) => !soft)
          .map(({ id, limit_micros }) => ({ state: stateOf(id), limit_micros }))
          .filter(({ state, limit_micros }) => state.usedMicros + hold.reserved_micros > limit_micros);
        if (full.length > 0) return { full: full.map(({ state }) => state) };
        putCall.run(requestId, held, deadline);
        charge(hold.accounts.map(({ id }) => ({ id, used: hold.reserved_micros, spent: 0 })));
        return undefined;
      }),
    settle: ({ type, request_id, ended_at, budget, cost }) =>
      whole(() => {
        const call = callOf(request_id);
        const lost = type === 'request.outcome_unknown';
        // A lost call that reports back after all is corrected; nothing else is counted twice.
        if (call?.closed && (lost || call.closed !== 'request.outcome_unknown')) return;
        const micros = cost.micros ?? 0;
        charge(chargesOf(budget, call?.held ?? undefined, micros, call?.counted ?? 0));
        closeCall.run(request_id, ended_at, type, micros);
      }),
    newPercents: (event, account) =>
      whole(() => {
        const rows = db.prepare('SELECT percent FROM told WHERE id = ?').all(account.id);
        const told = new Set(rows.map(({ percent }) => Number(percent)));
        const due = reachedPercents(event, account, stateOf(account.id), told);
        for (const percent of due) db.prepare('INSERT INTO told VALUES (?, ?)').run(account.id, percent);
        return due;
      }),
    release: (id) =>
      whole(() => {
        const call = callOf(id);
        if (!call || call.closed) return;
        charge(chargesOf(undefined, call.held ?? undefined, 0));
        closeCall.run(id, new Date().toISOString(), 'released', 0);
      }),
    overdue(now) {
      const rows = db
        .prepare('SELECT id FROM call WHERE held IS NOT NULL AND deadline < ? LIMIT 1000')
        .all(now);
      return rows.map(({ id }) => String(id));
    },
    close: () => db.close(),
  };
}
