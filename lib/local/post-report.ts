import type { JsonObject } from '#core/json.ts';
import { type Receipt, Receipts } from '#core/ledger/report.ts';

export interface ControlPlane {
  /** `https://…/v1/events`. */
  readonly url: URL;
  readonly token: string;
}

/** Why a report was not taken. `status` is null when nobody answered. */
export class ReportFailure extends Error {
  override readonly name = 'ReportFailure';
  readonly status: number | null;
  constructor(message: string, status: number | null, options: ErrorOptions = {}) {
    super(message, options);
    this.status = status;
  }
}

const TIMEOUT_MS = 15_000;
const MAX_ANSWER = 1024 * 1024;

/** Sends events and returns what became of each, in their order. Throws ReportFailure; then nothing is known of any. */
export async function postReport(
  { url, token }: ControlPlane,
  events: readonly JsonObject[],
): Promise<Receipt[]> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events }),
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new ReportFailure('the control plane does not answer', null, { cause });
  });
  const text = await response.text().catch(() => '');
  if (!response.ok) throw new ReportFailure(`the control plane answers ${response.status}`, response.status);
  const receipts = Receipts.safeParse(parse(text.slice(0, MAX_ANSWER)));
  if (receipts.success && receipts.data.results.length === events.length) return receipts.data.results;
  throw new ReportFailure('the control plane does not answer as one', response.status);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
