import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReviewDesk } from '#core/ports.ts';
import { ReviewCase, ReviewDecision } from '#core/review/case.ts';
import { sha256Hex } from '#core/text/hash.ts';
import { createFile, readIfExists, replaceFile } from './private-file.ts';

const CASE = '.case.json';
const DECISION = '.decision.json';
const TOKEN = '.token';
const SAFE_ID = /^[\w-]{1,64}$/;

/**
 * Held answers as files: the case never changes after it was opened, the decision is a second file that only one
 * process can create. That makes deciding exclusive without a lock. Files are readable by the owner only.
 */
export function fileReviewDesk(directory: string): ReviewDesk {
  const path = (id: string, suffix: string) => join(directory, safeId(id) + suffix);

  async function get(id: string): Promise<ReviewCase | undefined> {
    if (!SAFE_ID.test(id)) return undefined;
    const [held, decided] = await Promise.all(
      [CASE, DECISION].map((suffix) => readIfExists(path(id, suffix))),
    );
    if (held === undefined) return undefined;
    const reviewCase = ReviewCase.parse(JSON.parse(held));
    if (decided === undefined) return reviewCase;
    const decision = ReviewDecision.parse(JSON.parse(decided));
    return { ...reviewCase, state: decision.state, decision };
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
    async list(state, limit) {
      const ids = await idsThatMayBe(directory, state);
      const cases = await Promise.all(ids.map(get));
      return cases
        .filter((found): found is ReviewCase => found?.state === state)
        .sort((a, b) => a.dueAt.localeCompare(b.dueAt) || a.id.localeCompare(b.id))
        .slice(0, limit);
    },
    async decide(id, decision) {
      if ((await get(id)) === undefined) return undefined;
      const first = await createFile(path(id, DECISION), JSON.stringify(decision));
      return first ? get(id) : undefined;
    },
    keepToken: (id, token) => replaceFile(path(id, TOKEN), token),
    tokenOf: (id) => readIfExists(path(id, TOKEN)),
  };
}

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
  const names = new Set(await readdir(directory).catch(() => []));
  const undecided = state === 'open' || state === 'claimed';
  return [...names]
    .filter((name) => name.endsWith(CASE))
    .map((name) => name.slice(0, -CASE.length))
    .filter((id) => names.has(id + DECISION) !== undecided);
}

function safeId(id: string): string {
  if (!SAFE_ID.test(id)) throw new RangeError('a review id has only letters, digits, - and _');
  return id;
}
