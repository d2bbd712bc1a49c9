/** Shown instead of the pack's message: a refusal must not be the last word here. */
export const HELP =
  'It sounds as if things are very hard right now, and I am not the right one to help with this. Please talk to someone ' +
  'you trust, or to a crisis line: in the United States and Canada call or text 988, in the United Kingdom and Ireland ' +
  'call 116 123, in Germany 0800 111 0 111, elsewhere see findahelpline.com. If you are in danger, call the emergency number.';
