const TONES: Record<string, string> = {
  allowed: 'good',
  allow: 'good',
  approved: 'good',
  active: 'good',
  redacted: 'info',
  redact: 'info',
  edited: 'info',
  flagged: 'warn',
  flag: 'warn',
  escalated: 'warn',
  escalate: 'warn',
  open: 'warn',
  blocked: 'bad',
  block: 'bad',
  rejected: 'bad',
  revoked: 'bad',
  expired: 'warn',
  'claim conflict': 'bad',
};

/** A verdict, an action or a state: said in words, coloured besides. */
export function Badge({ word }: { word: string }) {
  return <span class={`badge ${TONES[word] ?? 'plain'}`}>{word}</span>;
}
