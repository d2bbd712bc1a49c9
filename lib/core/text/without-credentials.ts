/** Texts that look like a credential, wherever they stand. */
const SECRET_TEXT =
  /\b(?:kt_(?:live|test)_|kt[cg]_|sk-|xox[abpr]-|gh[pousr]_|AKIA|AIza)[A-Za-z0-9_-]{8,}|\bBearer\s+\S{8,}/gi;

/** What stands in the place of a credential in logs. */
export const HIDDEN = '[hidden]';

/** A text without what looks like a credential. */
export function withoutCredentials(text: string): string {
  return text.replace(SECRET_TEXT, HIDDEN);
}
