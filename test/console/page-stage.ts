import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { ConsolePorts } from '../../lib/console/ports.ts';
import { readPage } from '../../lib/console/web-assets.ts';
import { serveHttp } from '../../lib/local/serve-http.ts';
import { buildConsole } from '../../scripts/build-console.ts';
import { launchBrowser } from '../support/browser.ts';
import { consoleBench, storedEvent } from './console-bench.ts';

/** The built page over fakes, on a port of its own, with a browser that looks at it. */
export async function pageStage(over: Partial<ConsolePorts> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'kt-page-'));
  await buildConsole(folder);
  const bench = consoleBench(over, { page: readPage(folder) });
  const door = await serveHttp(bench.app, { host: '127.0.0.1', port: 0 });
  const browser = await launchBrowser();

  async function close(): Promise<void> {
    await browser.close();
    await door.close(0);
    await rm(folder, { recursive: true });
  }
  return { ...bench, url: door.url, browser, close };
}

/** A call as the gateway records it, with one policy of each phase. */
export function governedCall(requestId: string, over: Partial<LedgerEvent> = {}): LedgerEvent {
  return storedEvent(requestId, {
    type: 'request.completed',
    ended_at: '2026-11-23T11:00:01.234Z',
    auth: 'app_key',
    model_requested: 'gpt-4o-mini',
    model_used: 'gpt-4o-mini-2024-07-18',
    provider: 'openai',
    attempts: [{ target: 'openai-main', status: 200, ms: 1_180 }],
    verdict: 'redacted',
    finish_reason: 'stop',
    usage: {
      input: 220,
      cached_input: 0,
      cache_write: 0,
      output: 41,
      reasoning: 0,
      audio: 0,
      source: 'provider',
    },
    cost: { micros: 58, price_table: 'test' },
    policies: [
      {
        kind: 'prompt-injection',
        phase: 'input',
        mode: 'enforce',
        action: 'allow',
        reason: 'ok',
        rules: {},
        latency_us: 310,
        chars_seen: 912,
        chars_scanned: 912,
      },
      {
        kind: 'pii-detector',
        phase: 'input',
        mode: 'enforce',
        action: 'redact',
        reason: 'pii.found',
        rules: { 'pii.email': 2, 'pii.card': 1 },
        latency_us: 1_240,
        chars_seen: 912,
        chars_scanned: 912,
      },
      {
        kind: 'dlp-filter',
        phase: 'output',
        mode: 'observe',
        action: 'flag',
        reason: 'dlp.term',
        score: 0.7,
        rules: { 'dlp.project-name': 1 },
        latency_us: 95,
        chars_seen: 180,
        chars_scanned: 180,
      },
    ],
    ...over,
  });
}
