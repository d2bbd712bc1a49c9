import type { PolicyRecord } from '#core/ledger/event.ts';
import { visiblePieces } from '#core/text/visible-text.ts';
import type { Explanation } from './explanation.ts';
import { table } from './table.ts';
import { paint, type Terminal } from './terminal.ts';

const COLOURS = {
  allowed: 'green',
  flagged: 'yellow',
  redacted: 'cyan',
  escalated: 'yellow',
  blocked: 'red',
} as const;
const ABOUT = { input: 'requests', output: 'answers' } as const;
/** Characters of a text, and findings, that fit a person's eye. `--json` has all of them. */
const MAX_TEXT = 2_000;
const MAX_FINDINGS = 50;
const MAX_TEXTS = 50;

/** An explanation as a page: what came in and how it reads, what each policy made of it, what goes on. */
export function showExplanation(explanation: Explanation, terminal: Pick<Terminal, 'color'>): string {
  const title = (text: string) => paint(terminal, 'bold', text);
  return [
    decision(explanation, terminal),
    ...section(title('what came in'), texts(explanation)),
    ...section(title('what later policies saw instead'), changes(explanation)),
    ...section(title('what each policy said'), [policyTable(explanation.policies)]),
    ...section(title('who was not asked'), notAsked(explanation)),
    ...section(title('findings'), findings(explanation)),
    ...section(title('what the provider gets'), forwarded(explanation)),
    ...section(title('what the client gets'), served(explanation)),
  ].join('\n');
}

/** In quotes, on one line, with every hidden character by its number: nothing in it can move the cursor or forge a line. */
function shown(text: string): string {
  const cut = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return visiblePieces(JSON.stringify(cut))
    .map((piece) => ('hidden' in piece ? `‹${piece.name}›` : piece.text))
    .join('');
}

function decision(
  { verdict, phase, policy, reason }: Explanation,
  terminal: Pick<Terminal, 'color'>,
): string {
  const colour = COLOURS[verdict as keyof typeof COLOURS];
  const by = policy === undefined ? '' : ` by ${policy} in the ${phase} phase: ${reason}`;
  return `${paint(terminal, colour, verdict)}${by}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

function texts({ texts: all, unscanned_parts }: Explanation): string[] {
  const lines = all
    .slice(0, MAX_TEXTS)
    .flatMap(({ path, role, new: isNew, text, views }) => [
      `  ${path}  (${role}${isNew ? '' : ', an earlier turn'})`,
      `    raw        ${shown(text)}`,
      ...views.map((view) => `    ${view.name.padEnd(9)}  ${shown(view.text)}`),
    ]);
  return [
    ...lines,
    ...rest(all.length, MAX_TEXTS),
    ...unscanned_parts.map((part) => `  ${part}: read by no policy`),
  ];
}

function changes({ changes: all }: Explanation): string[] {
  const lines = all
    .slice(0, MAX_TEXTS)
    .map((one) => `  from ${one.seen_by} on: ${one.path}  ${shown(one.text)}`);
  return [...lines, ...rest(all.length, MAX_TEXTS)];
}

function policyTable(policies: readonly PolicyRecord[]): string {
  const rows = policies.map((record) => [
    `  ${record.kind}${record.mode === 'observe' ? ' (observe)' : ''}`,
    record.phase,
    record.action,
    record.error === undefined ? record.reason : `${record.reason} (${record.error})`,
    record.score === undefined ? '' : record.score.toFixed(2),
    `${record.chars_scanned} of ${record.chars_seen}`,
    `${record.latency_us} µs`,
    Object.entries(record.rules)
      .map(([rule, count]) => (count === 1 ? rule : `${rule} ×${count}`))
      .join(', '),
  ]);
  return table(['  policy', 'phase', 'action', 'reason', 'score', 'scanned', 'time', 'rules'], rows);
}

function notAsked({ not_asked: all }: Explanation): string[] {
  return all.map(({ policy, detector, phases, guardrail, target }) => {
    const which = guardrail ?? target;
    const whom = which === undefined ? detector : `${detector} ${which}`;
    return `  ${policy} would ask ${whom} about ${phases.map((phase) => ABOUT[phase]).join(' and ')}`;
  });
}

function findings({ findings: all }: Explanation): string[] {
  if (all.length === 0) return [];
  const rows = all
    .slice(0, MAX_FINDINGS)
    .map(({ policy, rule, score, place }) => [`  ${policy}`, rule, score.toFixed(2), place]);
  return [table(['  policy', 'rule', 'score', 'where'], rows), ...rest(all.length, MAX_FINDINGS)];
}

function forwarded({ texts: all }: Explanation): string[] {
  const changed = all.filter((text) => text.forwarded !== undefined && text.forwarded !== text.text);
  if (all.every((text) => text.forwarded === undefined)) return ['  nothing: the request stops here'];
  if (changed.length === 0) return ['  the request as it came'];
  return [
    ...changed.slice(0, MAX_TEXTS).map(({ path, forwarded: text = '' }) => `  ${path}  ${shown(text)}`),
    ...rest(changed.length, MAX_TEXTS),
  ];
}

function served({ served: fields, message, phase, retry }: Explanation): string[] {
  const again =
    retry === undefined ? [] : [`  ${retry} first asks the provider for another answer; of this one:`];
  const lines = Object.entries(fields ?? {}).map(([name, text]) => `  ${name}  ${shown(text)}`);
  const notice =
    message === undefined ? [] : [`  ${phase === 'output' ? 'then ' : ''}the message  ${shown(message)}`];
  return [...again, ...lines, ...notice];
}

function rest(count: number, most: number): string[] {
  return count > most ? [`  … and ${count - most} more`] : [];
}
