import type { DryInput } from './dry-run.ts';

const PLACEHOLDER = /<([A-Z][A-Z_]{0,40})_([a-z2-7]{6})>/g;
const NAME = /<[A-Z][A-Z_]{0,40}_[0-9]{1,3}>/g;

/**
 * Placeholders of a request → the names golden files know them by: `<EMAIL_1>` is the first e-mail address, `<EMAIL_2>` the
 * second. The placeholders themselves depend on a key and tell a reader nothing.
 */
export function placeholderNames({ outcome, facts }: DryInput): Map<string, string> {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const [placeholder, kind = ''] of outcome.leaves.flatMap(({ text }) => [
    ...text.matchAll(PLACEHOLDER),
  ])) {
    if (names.has(placeholder) || !facts.vault.has(placeholder)) continue;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    names.set(placeholder, `<${kind}_${count}>`);
  }
  return names;
}

/** A text with placeholders exchanged for names, or names for placeholders. */
export function renamed(text: string, names: ReadonlyMap<string, string>): string {
  if (names.size === 0) return text;
  return text
    .replace(PLACEHOLDER, (found) => names.get(found) ?? found)
    .replace(NAME, (found) => names.get(found) ?? found);
}
