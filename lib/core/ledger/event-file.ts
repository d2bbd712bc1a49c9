import canonicalize from 'canonicalize';
import { completionTokens, promptTokens } from '#core/cost/usage.ts';
import { csvText } from '#core/text/csv.ts';
import type { LedgerEvent, PolicyRecord } from './event.ts';

export const EVENT_FORMATS = ['jsonl', 'csv'] as const;
export type EventFormat = (typeof EVENT_FORMATS)[number];

type Cell = string | number | boolean | null | undefined;

/** Name → what stands below it. A column may be added at the end, never moved. */
const COLUMNS: Readonly<Record<string, (event: LedgerEvent) => Cell>> = {
  at: ({ at }) => at,
  ended_at: ({ ended_at }) => ended_at,
  event_id: ({ event_id }) => event_id,
  request_id: ({ request_id }) => request_id,
  type: ({ type }) => type,
  environment: ({ environment }) => environment,
  app_id: ({ app_id }) => app_id,
  key_id: ({ key_id }) => key_id,
  end_user: ({ subject }) => subject,
  route: ({ route }) => route,
  model_requested: ({ model_requested }) => model_requested,
  model_used: ({ model_used }) => model_used,
  provider: ({ provider }) => provider,
  verdict: ({ verdict }) => verdict,
  policies: ({ policies }) =>
    policies
      .filter(({ action }) => action !== 'allow')
      .map(said)
      .join(' '),
  http_status: ({ http_status }) => http_status,
  error_code: ({ error_code }) => error_code,
  complete: ({ complete }) => complete,
  input_tokens: ({ usage }) => promptTokens(usage),
  output_tokens: ({ usage }) => completionTokens(usage),
  cost_micros: ({ cost }) => cost.micros,
  pack: ({ pack }) => pack,
  pack_hash: ({ pack_hash }) => pack_hash,
  review_id: ({ review_id }) => review_id,
  reviewer: ({ reviewer }) => reviewer,
  detail: ({ detail }) => detail,
  hash: ({ hash }) => hash,
};

/** The first line of a CSV file; JSON lines have none. */
export function eventHead(format: EventFormat): string {
  return format === 'csv' ? csvText([Object.keys(COLUMNS)]) : '';
}

/**
 * A line of a file of events. As JSON it is the canonical form (RFC 8785): without its `hash` it is, byte for byte, what the
 * hash was made of. As CSV it is what auditors read, and no cell is a formula.
 */
export function eventLine(event: LedgerEvent, format: EventFormat): string {
  if (format === 'jsonl') return `${canonicalize(event) ?? ''}\n`;
  return csvText([Object.values(COLUMNS).map((cell) => cell(event))]);
}

/** `pii-detector:redact:pii`; what a policy only watched has a `?`. */
function said({ kind, action, reason, mode }: PolicyRecord): string {
  return `${kind}:${action}:${reason}${mode === 'observe' ? '?' : ''}`;
}
