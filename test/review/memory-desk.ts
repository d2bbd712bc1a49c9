import { createEmitter } from '#core/ledger/chain.ts';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { actRecorder } from '#core/ledger/plain-event.ts';
import type { ReviewDesk, ReviewFlow } from '#core/ports.ts';
import { isClaimedFrom, type ReviewCase } from '#core/review/case.ts';
import type { ReviewPorts } from '../../lib/review/ports.ts';

export function heldCase(id: string, over: Partial<ReviewCase> = {}): ReviewCase {
  return {
    id,
    appId: 'support',
    keyId: 'key_1',
    requestHash: 'h',
    packHash: 'pack-hash-of-the-case',
    model: 'gpt-4o-mini',
    state: 'open',
    openedAt: '2026-11-23T10:00:00.000Z',
    dueAt: '2026-11-23T13:00:00.000Z',
    onTimeout: 'reject',
    rules: ['oversight.medical'],
    answer: 'Take two a day.',
    ...over,
  };
}

/** `pause` is awaited between reading and writing on the caller's side: a test interleaves there. */
function memoryDesk(pause: () => Promise<void> = async () => {}) {
  const cases = new Map<string, ReviewCase>();
  const tokens = new Map<string, string>();
  const untold = new Map<string, { id: string; at: string; isRecorded: boolean }>();
  const desk: ReviewDesk = {
    open: async (held) => void cases.set(held.id, held),
    async get(id) {
      const found = cases.get(id);
      await pause();
      return found;
    },
    findByRequest: async () => undefined,
    list: async (state) => [...cases.values()].filter((held) => held.state === state),
    overdue: async (before, limit) =>
      [...cases.values()].filter((held) => !held.decision && held.dueAt < before).slice(0, limit),
    untold: async (before, limit) =>
      [...untold.values()]
        .filter(({ at }) => at < before)
        .slice(0, limit)
        .map(({ id, isRecorded }) => ({ id, isRecorded })),
    async told(id, whom) {
      const found = untold.get(id);
      if (whom === 'machine') untold.delete(id);
      else if (found) untold.set(id, { ...found, isRecorded: true });
    },
    async claim(id, claim) {
      await pause();
      const held = cases.get(id);
      if (!held || held.decision || isClaimedFrom(held, claim.by, claim.at)) return undefined;
      const claimed: ReviewCase = { ...held, state: 'claimed', claim };
      cases.set(id, claimed);
      return claimed;
    },
    async unclaim(id, by) {
      await pause();
      const { claim, ...held } = cases.get(id) ?? {};
      if (!('id' in held) || held.decision || claim?.by !== by) return undefined;
      const open: ReviewCase = { ...held, state: 'open' };
      cases.set(id, open);
      return open;
    },
    async approve(id, approval, seen) {
      await pause();
      const found = cases.get(id);
      if (!found || found.decision || isClaimedFrom(found, approval.by, approval.at)) return undefined;
      if ((found.approvals?.length ?? 0) !== seen) return undefined;
      const { claim: _givenBack, ...held } = found;
      const approved: ReviewCase = {
        ...held,
        state: 'open',
        approvals: [...(held.approvals ?? []), approval],
      };
      cases.set(id, approved);
      await pause();
      return approved;
    },
    async decide(id, decision, seen) {
      await pause();
      const held = cases.get(id);
      if (!held || held.decision || isClaimedFrom(held, decision.by, decision.at)) return undefined;
      if (seen !== undefined && (held.approvals?.length ?? 0) !== seen) return undefined;
      const decided = { ...held, state: decision.state, decision };
      cases.set(id, decided);
      if (decision.by !== 'system') untold.set(id, { id, at: decision.at, isRecorded: false });
      await pause();
      return decided;
    },
    keepToken: async (id, token) => void tokens.set(id, token),
    async tokenOf(id) {
      await pause();
      return tokens.get(id);
    },
  };
  return { desk, cases, tokens };
}

/** Everything around a desk: events in a list, resumed tokens in a list, the clock at noon. */
export function reviewBench(options: { pause?: () => Promise<void>; flow?: Partial<ReviewFlow> } = {}) {
  const { desk, cases, tokens } = memoryDesk(options.pause);
  const events: LedgerEvent[] = [];
  const resumed: string[] = [];
  const errors: unknown[] = [];
  let id = 0;
  const record = actRecorder({
    ids: { next: () => `event-${id++}` },
    events: {
      send: async (event) => {
        events.push(event);
        return { tier: 'queue' };
      },
    },
    emitter: createEmitter('e'),
    origin: {
      environment: 'test',
      version: '1',
      pack: 'dify@1',
      packHash: 'active',
      costTags: (app) => ({ app }),
    },
  });
  const ports: ReviewPorts = {
    desk,
    record,
    clock: { now: () => Date.parse('2026-11-23T12:00:00.000Z') },
    flow: {
      start: async () => {},
      resume: async (token, { state }) => {
        resumed.push(`${token} ${state}`);
        return 'resumed';
      },
      ...options.flow,
    },
    log: { info: () => {}, error: (message, fields) => errors.push({ message, ...fields }) },
  };
  return { ports, cases, tokens, events, resumed, errors };
}
