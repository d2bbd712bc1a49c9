import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { ReviewDesk, UntoldDecision } from '#core/ports.ts';
import {
  caseAt,
  isClaimedFrom,
  ReviewApproval,
  ReviewCase,
  ReviewClaim,
  ReviewDecision,
} from '#core/review/case.ts';
import { sha256Hex } from '#core/text/hash.ts';
import { createFile, readIfExists, replaceFile } from './private-file.ts';

const CASE = '.case.json';
const DECISION = '.decision.json';
const TOKEN = '.token';
const UNTOLD = '.untold';
const RECORDED = 'recorded';
const SAFE_ID = /^[\w-]{1,64}$/;

/**
 * Held answers as files: the case never changes after it was opened, the decision is a second file that only one
 * process can create. That makes deciding exclusive without a lock. Claims are numbered files, so that of two claims
 * one wins; the last one counts, and `null` gives it back. Approvals are numbered files, too, and a decision that rests
 * on approvals takes the next number first: no approval comes between what the person saw and the decision. Files are readable by the owner only.
 */
export function fileReviewDesk(directory: string, now: () => number = Date.now): ReviewDesk {
  const path = (id: string, suffix: string) => join(directory, safeId(id) + suffix);

  /** The claim that was written last, lapsed or not, and the number of the next one. */
  async function lastClaim(id: string): Promise<{ claim?: ReviewClaim; next: number }> {
    let last: string | undefined;
    for (let next = 0; ; next += 1) {
      const text = await readIfExists(path(id, claimSuffix(next)));
      if (text === undefined) {
        const claim = ReviewClaim.nullable().parse(JSON.parse(last ?? 'null'));
        return claim ? { claim, next } : { next };
      }
      last = text;
    }
  }

  async function get(id: string): Promise<ReviewCase | undefined> {
    if (!SAFE_ID.test(id)) return undefined;
    const [held, decided] = await Promise.all(
      [CASE, DECISION].map((suffix) => readIfExists(path(id, suffix))),
    );
    if (held === undefined) return undefined;
    const { approvals, final } = await approvalsOf(id);
    const reviewCase = ReviewCase.parse({ ...JSON.parse(held), ...(approvals.length > 0 && { approvals }) });
    const standing = decided ?? (final && (await finish(id, final)));
    if (standing === undefined) {
      const { claim } = await lastClaim(id);
      return caseAt({ ...reviewCase, ...(claim && { claim }) }, new Date(now()).toISOString());
    }
    const decision = ReviewDecision.parse(JSON.parse(standing));
    return { ...reviewCase, state: decision.state, decision };
  }

  /** The approvals so far, and the decision that rests on them, where one took its number. */
  async function approvalsOf(id: string): Promise<{ approvals: ReviewApproval[]; final?: ReviewDecision }> {
    const approvals: ReviewApproval[] = [];
    for (;;) {
      const text = await readIfExists(path(id, approvalSuffix(approvals.length)));
      if (text === undefined) return { approvals };
      const act = ApprovalFile.parse(JSON.parse(text));
      if ('final' in act) return { approvals, final: act.final };
      approvals.push(act);
    }
  }

  /** Makes a decision stand, unless another one does: a process may have ended between its two files. */
  async function finish(id: string, decision: ReviewDecision): Promise<string | undefined> {
    await createFile(path(id, DECISION), JSON.stringify(decision));
    return readIfExists(path(id, DECISION));
  }

  async function unclaim(id: string, by: string): Promise<ReviewCase | undefined> {
    const held = await get(id);
    if (!held || held.decision) return undefined;
    const { next, claim } = await lastClaim(id);
    if (claim?.by !== by) return undefined;
    return (await createFile(path(id, claimSuffix(next)), 'null')) ? get(id) : undefined;
  }

  /** Whether that person may act on the case now; with `seen`, on so many approvals. */
  async function mayAct(
    id: string,
    { by, at }: Pick<ReviewDecision, 'by' | 'at'>,
    seen?: number,
  ): Promise<boolean> {
    const held = await get(id);
    if (!held || held.decision || isClaimedFrom(await lastClaim(id), by, at)) return false;
    return seen === undefined || (held.approvals?.length ?? 0) === seen;
  }

  /** Among the cases that may be in `state`: the first ones that are due. */
  async function select(
    state: ReviewCase['state'],
    isWanted: (found: ReviewCase) => boolean,
    limit: number,
  ): Promise<ReviewCase[]> {
    const cases = await Promise.all((await idsThatMayBe(directory, state)).map(get));
    return cases
      .filter((found): found is ReviewCase => found !== undefined && isWanted(found))
      .sort((a, b) => a.dueAt.localeCompare(b.dueAt) || a.id.localeCompare(b.id))
      .slice(0, limit);
  }

  async function untold(before: string, limit: number): Promise<UntoldDecision[]> {
    const cases = await Promise.all(idsWith(await namesIn(directory), UNTOLD).map(get));
    const old = cases
      .flatMap((found) => (found?.decision ? [{ id: found.id, at: found.decision.at }] : []))
      .filter(({ at }) => at < before)
      .sort((a, b) => a.at.localeCompare(b.at))
      .slice(0, limit);
    const isRecorded = async (id: string) => (await readIfExists(path(id, UNTOLD))) === RECORDED;
    return Promise.all(old.map(async ({ id }) => ({ id, isRecorded: await isRecorded(id) })));
  }

  return {
    get,
    async open(reviewCase) {
      await createFile(path(reviewCase.id, CASE), JSON.stringify(reviewCase));
      await pointTo(pointerPath(directory, reviewCase.appId, reviewCase.requestHash), reviewCase.id);
    },
    async findByRequest(appId, requestHash) {
      const id = await readIfExists(pointerPath(directory, appId, requestHash));
      return id === undefined ? undefined : get(id);
    },
    list: (state, limit) => select(state, (found) => found.state === state, limit),
    overdue: (before, limit) => select('open', (found) => !found.decision && found.dueAt < before, limit),
    untold,
    async told(id, whom) {
      if (whom === 'machine') await rm(path(id, UNTOLD), { force: true });
      else if ((await readIfExists(path(id, UNTOLD))) !== undefined)
        await replaceFile(path(id, UNTOLD), RECORDED);
    },
    async claim(id, claim) {
      const held = await get(id);
      if (!held || held.decision) return undefined;
      const { next, ...last } = await lastClaim(id);
      if (isClaimedFrom(last, claim.by, claim.at)) return undefined;
      const first = await createFile(path(id, claimSuffix(next)), JSON.stringify(claim));
      return first ? get(id) : undefined;
    },
    unclaim,
    async approve(id, approval, seen) {
      if (!(await mayAct(id, approval, seen))) return undefined;
      if (!(await createFile(path(id, approvalSuffix(seen)), JSON.stringify(approval)))) return undefined;
      await unclaim(id, approval.by);
      const held = await get(id);
      return held?.decision ? undefined : held;
    },
    async decide(id, decision, seen) {
      if (!(await mayAct(id, decision, seen))) return undefined;
      // Before the decision: one that stands is never without it. Alone it says nothing.
      if (decision.by !== 'system') await createFile(path(id, UNTOLD), '');
      if (!seen)
        return (await createFile(path(id, DECISION), JSON.stringify(decision))) ? get(id) : undefined;
      const first = await createFile(path(id, approvalSuffix(seen)), JSON.stringify({ final: decision }));
      const held = first ? await get(id) : undefined;
      return held?.decision?.by === decision.by && held.decision.at === decision.at ? held : undefined;
    },
    keepToken: (id, token) => replaceFile(path(id, TOKEN), token),
    tokenOf: (id) => readIfExists(path(id, TOKEN)),
  };
}

const ApprovalFile = z.union([ReviewApproval, z.strictObject({ final: ReviewDecision })]);

const approvalSuffix = (number: number) => `.approval-${number}.json`;
const claimSuffix = (number: number) => `.claim-${number}.json`;

/** Opening an older case again must not hide a newer one: ids are ULIDs and sort by time. */
async function pointTo(pointer: string, id: string): Promise<void> {
  const current = await readIfExists(pointer);
  if (current === undefined || current < id) await replaceFile(pointer, id);
}

function pointerPath(directory: string, appId: string, requestHash: string): string {
  return join(directory, 'by-request', sha256Hex(`${appId}\n${requestHash}`));
}

/** Whether a case is open shows in the names alone, so that a long history costs no reading. */
async function idsThatMayBe(directory: string, state: ReviewCase['state']): Promise<string[]> {
  const names = await namesIn(directory);
  const undecided = state === 'open' || state === 'claimed';
  return idsWith(names, CASE).filter((id) => names.has(id + DECISION) !== undecided);
}

async function namesIn(directory: string): Promise<Set<string>> {
  return new Set(await readdir(directory).catch(() => []));
}

function idsWith(names: Iterable<string>, suffix: string): string[] {
  return [...names].filter((name) => name.endsWith(suffix)).map((name) => name.slice(0, -suffix.length));
}

function safeId(id: string): string {
  if (!SAFE_ID.test(id)) throw new RangeError('a review id has only letters, digits, - and _');
  return id;
}
