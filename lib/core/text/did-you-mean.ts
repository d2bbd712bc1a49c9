/** The closest known word within a third of its length (at least one edit), or undefined. Case does not count. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const wanted = word.slice(0, 64).toLowerCase();
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const limit = Math.max(1, Math.floor(candidate.length / 3));
    const distance = editDistance(wanted, candidate.toLowerCase(), limit);
    if (distance <= limit && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * Damerau-Levenshtein distance (insert, delete, replace, swap of neighbours), or `limit + 1` as soon as it is certain to
 * be larger. Only the cells near the diagonal are computed.
 */
export function editDistance(a: string, b: string, limit: number): number {
  const beyond = limit + 1;
  if (a.length > b.length + limit || b.length > a.length + limit) return beyond;
  let beforeLast: number[] = [];
  let last: number[] = [];
  for (let j = 0; j <= b.length; j += 1) last.push(lesser(j, beyond));
  for (let i = 1; i <= a.length; i += 1) {
    const row = nextRow(a, b, i, limit, last, beforeLast);
    if (row.every((cost) => cost > limit)) return beyond;
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? beyond;
}

function nextRow(
  a: string,
  b: string,
  i: number,
  limit: number,
  last: readonly number[],
  beforeLast: readonly number[],
): number[] {
  const beyond = limit + 1;
  const row = [lesser(i, beyond)];
  for (let j = 1; j <= b.length; j += 1) {
    const near = j >= i - limit && j <= i + limit;
    row.push(near ? lesser(cell(a, b, i, j, row, last, beforeLast), beyond) : beyond);
  }
  return row;
}

function cell(
  a: string,
  b: string,
  i: number,
  j: number,
  row: readonly number[],
  last: readonly number[],
  beforeLast: readonly number[],
): number {
  const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
  const replace = (last[j - 1] ?? 0) + (same ? 0 : 1);
  const cheapest = lesser(lesser((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1), replace);
  const swapped =
    i > 1 &&
    j > 1 &&
    a.charCodeAt(i - 1) === b.charCodeAt(j - 2) &&
    a.charCodeAt(i - 2) === b.charCodeAt(j - 1);
  return swapped ? lesser(cheapest, (beforeLast[j - 2] ?? 0) + 1) : cheapest;
}

/** In the innermost loop, where a call of `Math.min` would be most of the time. */
function lesser(a: number, b: number): number {
  if (a < b) return a;
  return b;
}
