/** A table of ASCII code units: 1 for those of `letters`. */
export function charSet(letters: string): Uint8Array {
  const set = new Uint8Array(128);
  for (const letter of letters) set[letter.charCodeAt(0)] = 1;
  return set;
}

/**
 * Where the next run of `least` or more members begins, `text.length` when there is none. `from` must not be inside a run. Looks at the
 * far end of a possible run first, so that most of an ordinary text is never looked at.
 */
export function nextRun(text: string, from: number, least: number, members: Uint8Array): number {
  const last = text.length - least;
  let start = from;
  while (start <= last) {
    let at = start + least - 1;
    while (at >= start && members[text.charCodeAt(at)]) at -= 1;
    if (at < start) return start;
    start = at + 1;
  }
  return text.length;
}
