import { setTimeout as sleep } from 'node:timers/promises';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { EventSink, Log } from '#core/ports.ts';
import { type Span, spansOf } from '#core/trace/spans.ts';
import { otlpJson, type Resource } from './otlp-json.ts';

export interface SpanExporterOptions {
  /** `…/v1/traces` of a collector. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly resource: Resource;
  readonly log: Log;
  /** Pause between two exports. Default one second. */
  readonly pauseMs?: number;
}

/** Sends the spans of calls to a collector, beside the calls: what cannot be sent in time is dropped and counted. */
export interface SpanExporter {
  /** The same sink; the spans of each event that is durable are exported, later. */
  watch(sink: EventSink): EventSink;
  /** Spans that were dropped because nobody took them. */
  dropped(): number;
  /** Sends what waits, for at most `ms`. */
  close(ms?: number): Promise<void>;
}

const MAX_WAITING = 4096;
const BATCH = 512;
const TIMEOUT_MS = 10_000;
const TRIES = 3;

export function startSpanExporter(options: SpanExporterOptions): SpanExporter {
  const { log, pauseMs = 1000 } = options;
  const waiting: Span[] = [];
  let dropped = 0;
  let told = false;
  let closing = false;
  const wake = new AbortController();

  function add(event: LedgerEvent): void {
    const spans = spansOf(event, Date.parse);
    if (waiting.length + spans.length > MAX_WAITING) dropped += spans.length;
    else waiting.push(...spans);
  }
  async function exportBatch(): Promise<void> {
    const batch = waiting.splice(0, BATCH);
    const failure = await send(batch, options, () => closing);
    if (failure === undefined) {
      told = false;
      return;
    }
    dropped += batch.length;
    if (!told)
      log.error('spans are not taken by the collector and are dropped', {
        reason: failure,
        spans: batch.length,
      });
    told = true;
  }
  async function run(): Promise<void> {
    while (!closing || waiting.length > 0) {
      if (waiting.length > 0) await exportBatch();
      if (waiting.length < BATCH && !closing)
        await sleep(pauseMs, undefined, { signal: wake.signal, ref: false }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    watch: (sink) => ({
      async send(event) {
        const stored = await sink.send(event);
        add(event);
        return stored;
      },
    }),
    dropped: () => dropped,
    async close(ms = 2000) {
      closing = true;
      wake.abort();
      await Promise.race([running, sleep(ms, undefined, { ref: false })]);
      waiting.length = 0;
    },
  };
}

/** Why the collector did not take the spans; undefined when it did. What may work later is tried again. */
async function send(
  spans: readonly Span[],
  { url, headers, resource }: SpanExporterOptions,
  isClosing: () => boolean,
): Promise<string | undefined> {
  const body = JSON.stringify(otlpJson(spans, resource));
  let failure = '';
  for (let number = 1; number <= TRIES; number += 1) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(() => undefined);
    await response?.body?.cancel().catch(() => undefined);
    if (response?.ok) return undefined;
    failure = response ? `it answers ${response.status}` : 'it does not answer';
    if (response && ![429, 502, 503, 504].includes(response.status)) return failure;
    if (isClosing() || number === TRIES) return failure;
    await sleep(500 * number, undefined, { ref: false });
  }
  return failure;
}
