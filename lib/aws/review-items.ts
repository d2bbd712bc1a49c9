import { caseAt, ReviewCase, type ReviewDecision } from '#core/review/case.ts';
import { packText } from './held-text.ts';
import { epochSeconds } from './intent-items.ts';

/**
 * A case in two tables. State: `REV#<id>` / `META` (everything but text; `due_key` `REV#<state>`), `REV#<id>` / `TOKEN`, `REV#<id>` / `UNTOLD` (a
 * decision that somebody has to hear of; `due_key` until then), and the pointer `REVQ#<app>#<request hash>` / `<id>`. Content: `CNT#<id>` / `answer` and, when edited, `decision`.
 */

/** Cases and their texts go together, this long after they were due. */
const KEEP_DAYS = 30;

export const caseKeyOf = (id: string) => ({ pk: `REV#${id}`, sk: 'META' });
export const tokenKeyOf = (id: string) => ({ pk: `REV#${id}`, sk: 'TOKEN' });
export const untoldKeyOf = (id: string) => ({ pk: `REV#${id}`, sk: 'UNTOLD' });
export const UNTOLD = 'REV#untold';
export const textKeyOf = (id: string, part: 'answer' | 'decision') => ({ pk: `CNT#${id}`, sk: part });
/** A claimed case stays in the open queue: a claim lapses by the clock, without a write. */
export const dueKeyOf = (state: ReviewCase['state']) => `REV#${state === 'claimed' ? 'open' : state}`;
export const pointerPartitionOf = (appId: string, requestHash: string) => `REVQ#${appId}#${requestHash}`;

type Item = Record<string, unknown>;

/** The three items of a new case. */
export function caseItems(held: ReviewCase): {
  readonly state: readonly [Item, Item];
  readonly content: Item;
} {
  const { answer, ...facts } = held;
  const expires = expiryOf(held.dueAt);
  const meta = {
    ...caseKeyOf(held.id),
    due_key: dueKeyOf(held.state),
    due_at: held.dueAt,
    expires,
    case: facts,
  };
  const pointer = { pk: pointerPartitionOf(held.appId, held.requestHash), sk: held.id, expires };
  return {
    state: [meta, pointer],
    content: { ...textKeyOf(held.id, 'answer'), ...packText(answer), expires },
  };
}

/** The text a reviewer wrote instead. */
export function decisionItem(id: string, text: string, expires: number): Item {
  return { ...textKeyOf(id, 'decision'), ...packText(text), expires };
}

/** Stands from the decision until everybody was told of it. */
export function untoldItem(id: string, decidedAt: string): Item {
  return {
    ...untoldKeyOf(id),
    due_key: UNTOLD,
    due_at: decidedAt,
    case_id: id,
    expires: expiryOf(decidedAt),
  };
}

/** A stored case with its texts, as it is at `at`; without them, the answer is empty. */
export function readCase(item: Item, at: string, answer = '', edited?: string): ReviewCase {
  const stored = item['case'] as Item & { decision?: ReviewDecision };
  const decision = stored.decision && {
    ...stored.decision,
    ...(edited === undefined ? {} : { text: edited }),
  };
  return caseAt(ReviewCase.parse({ ...stored, answer, ...(decision ? { decision } : {}) }), at);
}

export function expiryOf(dueAt: string): number {
  return epochSeconds(Date.parse(dueAt), KEEP_DAYS);
}
