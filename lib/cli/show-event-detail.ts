import type { LedgerEvent } from '#core/ledger/event.ts';
import { printable } from '#local/printable.ts';
import { dollars } from './show-event.ts';
import { table } from './table.ts';

/** One event as a page for a person: who, what, what each policy said, what it cost, its place in the chain. */
export function eventDetail(event: LedgerEvent): string {
  const { usage } = event;
  const facts = {
    request: event.request_id,
    event: `${event.event_id}  ${event.type}`,
    time: `${event.at}  (${Date.parse(event.ended_at) - Date.parse(event.at)} ms)`,
    app: `${event.app_id}  key ${event.key_id}`,
    model: [event.model_requested, event.model_used, event.provider].filter(Boolean).join('  →  '),
    answer: `${event.http_status}  ${event.finish_reason ?? event.error_code ?? ''}${event.complete ? '' : '  not complete'}`,
    verdict: event.verdict,
    tokens: `in ${usage.input}  cached ${usage.cached_input}  out ${usage.output}  reasoning ${usage.reasoning}  (${usage.source})`,
    cost: `${dollars(event.cost.micros)}  ${event.cost.price_table}${event.cost.reason ? `  ${event.cost.reason}` : ''}`,
    pack: `${event.pack}  ${event.pack_hash.slice(0, 12)}`,
    chain: `emitter ${event.emitter}  seq ${event.seq}  hash ${event.hash.slice(0, 16)}…`,
    ...(event.claims ? { claims: claimsText(event.claims, event.claim_conflict === true) } : {}),
    ...(event.unscanned_parts.length > 0 ? { unscanned: event.unscanned_parts.join(', ') } : {}),
    ...(event.review_id ? { review: `${event.review_id}  ${event.reviewer ?? ''}` } : {}),
    ...(event.detail ? { detail: event.detail } : {}),
  };
  const lines = Object.entries(facts).map(
    ([name, value]) => `${name.padEnd(10)}${printable(value).trimEnd()}`,
  );
  return [...lines, ...policyLines(event)].join('\n');
}

function claimsText(claims: Record<string, string>, conflict: boolean): string {
  const said = Object.entries(claims).map(([name, value]) => `${name} ${value}`);
  return `${said.join('  ')}${conflict ? '  contradicts the key: the key counted' : ''}`;
}

function policyLines({ policies }: LedgerEvent): string[] {
  if (policies.length === 0) return [];
  const rows = policies.map((policy) => [
    `${policy.kind}${policy.mode === 'observe' ? ' (observe)' : ''}`,
    policy.phase,
    policy.action,
    policy.reason,
    Object.entries(policy.rules)
      .map(([rule, count]) => `${rule} ×${count}`)
      .join(', '),
    `${policy.latency_us} µs`,
  ]);
  const clean = rows.map((row) => row.map((cell) => printable(cell, 120)));
  return ['', table(['policy', 'phase', 'action', 'reason', 'rules', 'time'], clean)];
}
