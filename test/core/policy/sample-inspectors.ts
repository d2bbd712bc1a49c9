import type { Inspector, Match } from '#core/policy/policy.ts';
import type { FieldInspector } from '#core/policy/scanner.ts';

/** Small inspectors whose `hold` is written down by hand from their format. */

type Said = Pick<Match, 'action'> & { replacement?: string };

function found(text: string, from: number, pattern: RegExp, rule: string, said: Said): Match[] {
  pattern.lastIndex = from;
  const matches: Match[] = [];
  for (let hit = pattern.exec(text); hit; hit = pattern.exec(text)) {
    matches.push({ start: hit.index, end: hit.index + hit[0].length, rule, score: 1, ...said });
  }
  return matches;
}

/** Where the trailing part of the text that matches `tail` begins, if it begins at or after `from`. */
function holdTail(text: string, from: number, tail: RegExp): number {
  const at = text.slice(from).search(tail);
  return at < 0 ? text.length : from + at;
}

/** Runs of 3 to 8 digits; longer runs are no match. */
export function digits(said: Said): Inspector {
  return {
    need: 'window',
    leftContext: 1,
    find: (text, from) => found(text, from, /(?<!\d)\d{3,8}(?!\d)/g, 'digits', said),
    hold(text, from) {
      let start = text.length;
      while (start > 0 && text.length - start <= 8 && /\d/.test(text.charAt(start - 1))) start -= 1;
      return start >= from && text.length - start <= 8 ? start : text.length;
    },
  };
}

/** `k-` and then 2 to 6 of `ab12`. */
export function keys(said: Said): Inspector {
  return {
    need: 'window',
    leftContext: 0,
    find: (text, from) => found(text, from, /k-[ab12]{2,6}/g, 'key', said),
    hold: (text, from) => holdTail(text, from, /k(-[ab12]{0,5})?$/),
  };
}

/** A phrase of letters and spaces, wherever it stands. */
export function phrase(words: string, said: Said): Inspector {
  const pattern = new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'g');
  return {
    need: 'window',
    leftContext: 0,
    find: (text, from) => found(text, from, pattern, 'phrase', said),
    hold(text, from) {
      for (let at = Math.max(from, text.length - words.length + 1); at < text.length; at += 1) {
        if (words.startsWith(text.slice(at))) return at;
      }
      return text.length;
    },
  };
}

/** `<a1>` … restored to what stands for it. */
export function tokens(): Inspector {
  return {
    need: 'window',
    leftContext: 0,
    find: (text, from) =>
      found(text, from, /<[ab][12]>/g, 'token', { action: 'restore' }).map((match) => ({
        ...match,
        replacement: `«${text.slice(match.start + 1, match.end - 1)}»`,
      })),
    hold: (text, from) => holdTail(text, from, /<([ab][12]?)?$/),
  };
}

/** Judges whole sentences: what it is shown from `from` on is one. */
export function sentences(bad: string, said: Said): Inspector {
  return {
    need: 'sentence',
    leftContext: 0,
    find: (text, from) =>
      text.slice(from).includes(bad)
        ? [{ start: from, end: text.length, rule: 'sentence', score: 1, ...said }]
        : [],
    hold: (text) => text.length,
  };
}

/** Both halves of an emoji, one at a time: what a careless pattern without the `u` flag does. */
export function halves(said: Said): Inspector {
  return {
    need: 'window',
    leftContext: 0,
    find: (text, from) => found(text, from, /[\uDC00-\uDFFF]/g, 'half', said),
    hold: (text) => text.length,
  };
}

/** Fails once the text contains `trigger`. */
export function throwing(trigger: string): Inspector {
  return {
    need: 'window',
    leftContext: 0,
    find: () => [],
    hold(text) {
      if (text.includes(trigger)) throw new TypeError(`cannot read ${text}`);
      return text.length;
    },
  };
}

/** Puts an inspector into a chain. */
export function inChain(
  inspector: Inspector,
  step: number,
  options: Partial<Omit<FieldInspector, 'inspector' | 'step'>> = {},
): FieldInspector {
  return {
    step,
    inspector,
    holds: true,
    onError: 'block',
    timeoutMs: 1000,
    tally: { us: 0, scanned: 0 },
    ...options,
  };
}
