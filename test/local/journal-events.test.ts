import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { monotonicFactory } from 'ulid';
import { createEmitter } from '#core/ledger/chain.ts';
import type { LedgerEvent, UnsealedEvent } from '#core/ledger/event.ts';
import type { EventFilter } from '#core/ports.ts';
import { openJournal } from '#local/journal.ts';
import { journalEventReader } from '#local/journal-event-reader.ts';
import { journalEventSink } from '#local/journal-event-sink.ts';
import { sampleEvent } from './sample-event.ts';

let directory: string;
const now = Date.now();
const clock = { now: () => now };
const quiet = { info: () => undefined, error: () => undefined };

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kt-events-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Stores events in the given order, each one second after the one before, the last one now. */
async function store(...parts: Partial<UnsealedEvent>[]): Promise<LedgerEvent[]> {
  const emitter = createEmitter('e1');
  const nextId = monotonicFactory();
  const journal = await openJournal(directory, { segmentBytes: 4000 });
  const sink = journalEventSink(journal, quiet);
  const events = parts.map((part, index) => {
    const time = now - (parts.length - 1 - index) * 1000;
    return emitter.seal(sampleEvent({ event_id: nextId(time), at: new Date(time).toISOString(), ...part }));
  });
  for (const event of events) await sink.send(event);
  await journal.close();
  return events;
}

const reader = () => journalEventReader(directory, clock);
const requests = async (filter: EventFilter) =>
  (await reader().list(filter)).events.map(({ request_id }) => request_id);

describe('events in the journal', () => {
  test('come back unchanged, newest first', async () => {
    const events = await store({ request_id: 'r1' }, { request_id: 'r2' }, { request_id: 'r3' });

    expect(await reader().list({})).toEqual({
      events: events.reverse(),
      complete: true,
      as_of: new Date(now).toISOString(),
    });
  });

  test.each<[string, EventFilter, string[]]>([
    ['the app', { appId: 'bot' }, ['r2']],
    ['the verdict', { verdict: 'blocked' }, ['r1']],
    ['the outcome', { outcome: 'blocked' }, ['r1']],
    ['the whole type', { outcome: 'request.blocked' }, ['r1']],
    ['the model that was asked', { model: 'gpt-4o-mini' }, ['r3']],
    ['the model that answered', { model: 'gpt-4o-2024' }, ['r2']],
    ['the provider', { provider: 'azure-openai' }, ['r3']],
    ['a policy that spoke', { policy: 'pii-detector' }, ['r2']],
    ['the request', { requestId: 'r3' }, ['r3']],
    ['two at once', { appId: 'bot', verdict: 'blocked' }, []],
    ['a beginning', { from: new Date(now - 1000).toISOString() }, ['r3', 'r2']],
    ['an end', { to: new Date(now - 1000).toISOString() }, ['r2', 'r1']],
  ])('are filtered by %s', async (_, filter, expected) => {
    const said = {
      mode: 'enforce',
      phase: 'input',
      rules: {},
      latency_us: 1,
      chars_seen: 1,
      chars_scanned: 1,
    } as const;
    const allowed = { kind: 'pii-detector', action: 'allow', reason: 'ok', ...said } as const;
    await store(
      { request_id: 'r1', verdict: 'blocked', type: 'request.blocked', policies: [allowed] },
      {
        request_id: 'r2',
        app_id: 'bot',
        model_used: 'gpt-4o-2024',
        policies: [{ ...allowed, action: 'redact' }],
      },
      { request_id: 'r3', model_requested: 'gpt-4o-mini', provider: 'azure-openai' },
    );

    expect(await requests(filter)).toEqual(expected);
  });

  test('are those of the last day when no beginning is named', async () => {
    const old = new Date(now - 25 * 3_600_000).toISOString();
    await store({ request_id: 'old', at: old }, { request_id: 'new' });

    expect(await requests({})).toEqual(['new']);
    expect(await requests({ from: old })).toEqual(['new', 'old']);
  });

  test('are paged to the end, each once', async () => {
    await store(...Array.from({ length: 25 }, (_, n) => ({ request_id: `r${n}` })));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await reader().list({ limit: 4, ...(cursor ? { cursor } : {}) });
      seen.push(...page.events.map(({ request_id }) => request_id));
      expect(page.complete).toBe(page.next === undefined);
      cursor = page.next;
    } while (cursor);

    expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => `r${24 - n}`));
  });

  test('that were sent twice are listed once', async () => {
    const [event] = await store({});
    const journal = await openJournal(directory);
    await journalEventSink(journal, quiet).send(event!);
    await journal.close();

    expect((await reader().list({})).events).toEqual([event]);
  });

  test('of one request are found in their order', async () => {
    await store({ request_id: 'r1' }, { request_id: 'r2' }, { request_id: 'r1', type: 'review.decided' });

    expect((await reader().find('r1')).map(({ type }) => type)).toEqual([
      'request.completed',
      'review.decided',
    ]);
    expect(await reader().find('r9')).toEqual([]);
  });

  test('are refused with a cursor nobody gave', async () => {
    await expect(reader().list({ cursor: '*' })).rejects.toThrow('cursor');
  });
});

describe('a disk that does not take records', () => {
  async function brokenSink() {
    const lines: unknown[] = [];
    const journal = await openJournal(join(directory, 'gone'));
    await rm(join(directory, 'gone'), { recursive: true });
    const log = { ...quiet, error: (message: string, fields?: object) => lines.push({ message, ...fields }) };
    return { sink: journalEventSink(journal, log), lines };
  }

  test('fails the intent, so that no provider is called', async () => {
    const { sink } = await brokenSink();

    await expect(sink.open({ requestId: 'r' } as never)).rejects.toMatchObject({ code: 'audit_unavailable' });
  });

  test('sends the event to the log, whole', async () => {
    const { sink, lines } = await brokenSink();
    const event = createEmitter('e').seal(sampleEvent({}));

    expect(await sink.send(event)).toEqual({ tier: 'log' });
    expect(lines).toEqual([expect.objectContaining({ replay: event })]);
  });
});
