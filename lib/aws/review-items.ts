import { caseAt, lastEdit, type ReviewApproval, ReviewCase, type ReviewDecision } from '#core/review/case.ts';
import { packText } from './held-text.ts';
import { epochSeconds } from './intent-items.ts';

/**
 * A case in two tables. State: `REV#<id>` / `META` (everything but text; `due_key` `REV#<state>`), `REV#<id>` / `UNTOLD` (a decision
 * that somebody has to hear of; `due_key` until then), the pointer `REVQ#<app>#<request hash>` / `<id>`, and the callback token
 * `REVT#<id>` / `TOKEN`, apart because few may read it. Content: `CNT#<id>` / `answer`; `edit-<n>`, the text proposed by approval n;
 * when edited, `decision`.
 */

/** Cases and their texts go together, this long after they were due. */
const KEEP_DAYS = 30;

export const caseKeyOf = (id: string) => ({ pk: `REV#${id}`, sk: 'META' });
export const tokenKeyOf = (id: string) => ({ pk: `REVT#${id}`, sk: 'TOKEN' });
export const untoldKeyOf = (id: string) => ({ pk: `REV#${id}`, sk: 'UNTOLD' });
export const UNTOLD = 'REV#untold';
type Part = 'answer' | 'decision' | `edit-${number}`;
export const textKeyOf = (id: string, part: Part) => ({ pk: `CNT#${id}`, sk: part });
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

/** A text that a reviewer wrote instead. */
export function textItem(id: string, part: Part, text: string, expires: number): Item {
  return { ...textKeyOf(id, part), ...packText(text), expires };
}

/** Which approval of a stored case holds the text that counts; -1 when none proposed another one. */
export function lastEditOf(item: Item): number {
  return lastEdit((item['case'] as { approvals?: ReviewApproval[] }).approvals ?? []);
}

/** Texts of a case that lie in items of their own. */
interface CaseTexts {
  readonly answer?: string | undefined;
  readonly proposed?: string | undefined;
  readonly edited?: string | undefined;
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
export function readCase(item: Item, at: string, texts: CaseTexts = {}): ReviewCase {
  const { answer = '', proposed, edited } = texts;
  const stored = item['case'] as Item & { decision?: ReviewDecision; approvals?: ReviewApproval[] };
  const last = lastEditOf(item);
  const approvals = stored.approvals?.map((approval, index) =>
    index === last && proposed !== undefined ? { ...approval, text: proposed } : approval,
  );
  const decision = stored.decision && {
    ...stored.decision,
    ...(edited === undefined ? {} : { text: edited }),
  };
  const whole = { ...stored, answer, ...(approvals && { approvals }), ...(decision && { decision }) };
  return caseAt(ReviewCase.parse(whole), at);
}

export function expiryOf(dueAt: string): number {
  return epochSeconds(Date.parse(dueAt), KEEP_DAYS);
}
