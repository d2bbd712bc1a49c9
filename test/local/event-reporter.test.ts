import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { type Reporter, startReporter } from '#local/event-reporter.ts';
import { type Journal, openJournal } from '#local/journal.ts';
import { journalEventSink } from '#local/journal-event-sink.ts';
import { listSegments } from '#local/journal-segment.ts';
import { sampleEvent, sampleIntent } from '../contracts/sample-records.ts';

/** How the control plane behaves on one report. */
type Turn =
  | 'takes'
  | 'refuses'
  | 'takes and cuts'
  | 'takes half'
  | 'redirects'
  | 'talks nonsense'
  | 'rejects all';

let folder: string;
let server: Server;
let url: URL;
let turns: Turn[];
let taken: string[];
let seen: { authorization: string | undefined; events: number }[];
let lines: { message: string; fields: Record<string, unknown> }[];
const open: (Reporter | Journal)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kt-reporter-'));
  turns = [];
  taken = [];
  seen = [];
  lines = [];
  server = createServer(async (incoming, outgoing) => {
    const { events } = (await json(incoming)) as { events: LedgerEvent[] };
    seen.push({ authorization: incoming.headers.authorization, events: events.length });
    const turn = turns.shift() ?? 'takes';
    if (turn === 'refuses') return void outgoing.writeHead(503).end('{}');
    if (turn === 'redirects') return void outgoing.writeHead(307, { location: 'http://127.0.0.1:9/' }).end();
    if (turn === 'talks nonsense') return void outgoing.end('<html>hello</html>');
    const takes = (i: number) => turn !== 'takes half' || i < events.length / 2;
    if (turn !== 'rejects all')
      taken.push(...events.filter((_, i) => takes(i)).map(({ event_id }) => event_id));
    if (turn === 'takes and cuts') return void outgoing.destroy();
    const status = (i: number) =>
      turn === 'rejects all' ? 'rejected' : takes(i) ? 'accepted' : 'unavailable';
    outgoing.end(
      JSON.stringify({ results: events.map(({ event_id }, i) => ({ event_id, status: status(i) })) }),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/events`);
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const log = {
  info: (message: string, fields = {}) => void lines.push({ message, fields }),
  error: (message: string, fields = {}) => void lines.push({ message, fields }),
};

async function reporter(): Promise<Reporter> {
  const started = await startReporter({
    journal: join(folder, 'journal'),
    positions: join(folder, 'reported.json'),
    url,
    token: 'ktg_token',
    log,
    pauseMs: 5,
  });
  open.push(started);
  return started;
}

async function write(count: number, options = {}): Promise<string[]> {
  const journal = await openJournal(join(folder, 'journal'), options);
  const sink = journalEventSink(journal, log);
  const events = Array.from({ length: count }, () => sampleEvent());
  for (const event of events) {
    await sink.open(sampleIntent());
    await sink.send(event);
  }
  await journal.close();
  return events.map(({ event_id }) => event_id);
}

async function allAcknowledged(from: Reporter): Promise<void> {
  for (let tries = 0; (await from.lag()) > 0; tries += 1) {
    if (tries > 2000) throw new Error(`never acknowledged: ${JSON.stringify(lines)}`);
    await sleep(5);
  }
}

describe('reporting', () => {
  test('brings every event of the journal, each once, with the token', async () => {
    const ids = await write(450);
    await allAcknowledged(await reporter());

    expect(taken.sort()).toEqual(ids.sort());
    expect(seen.map(({ events }) => events)).toEqual([200, 200, 50]);
    expect(seen[0]?.authorization).toBe('Bearer ktg_token');
  });

  test('brings what is written while it runs, from every writer', async () => {
    const running = await reporter();
    const ids = (await Promise.all([write(30), write(30), write(30)])).flat();
    await allAcknowledged(running);

    expect(taken.sort()).toEqual(ids.sort());
  });

  test('whatever the control plane does, in the end it has every event', async () => {
    const turn = fc.constantFrom<Turn[]>(
      'takes',
      'refuses',
      'takes and cuts',
      'takes half',
      'redirects',
      'talks nonsense',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { maxLength: 6 }), async (script) => {
        taken = [];
        turns = [...script];
        const ids = await write(10, { segmentBytes: 4000 });
        const running = await reporter();
        await allAcknowledged(running);
        await running.close();
        expect(new Set(taken)).toEqual(new Set(ids));
      }),
      { numRuns: 15 },
    );
  });

  test('goes on where it was after a restart', async () => {
    const before = await write(20);
    const first = await reporter();
    await allAcknowledged(first);
    await first.close();
    const after = await write(20);
    await allAcknowledged(await reporter());

    expect(taken).toHaveLength(40);
    expect(taken.sort()).toEqual([...before, ...after].sort());
  });

  test('sends again what was not acknowledged before a kill', async () => {
    const ids = await write(20);
    const first = await reporter();
    await allAcknowledged(first);
    await first.close();
    await rm(join(folder, 'reported.json'));
    await allAcknowledged(await reporter());

    expect(taken).toHaveLength(40);
    expect(new Set(taken)).toEqual(new Set(ids));
  });

  test('begins anew where the file of positions is damaged', async () => {
    const ids = await write(5);
    await writeFile(join(folder, 'reported.json'), '{"version":1,"seg');
    await allAcknowledged(await reporter());

    expect(taken.sort()).toEqual(ids.sort());
  });

  test('leaves an event that the control plane rejects, says so, goes on', async () => {
    turns = ['rejects all'];
    const ids = await write(3);
    const running = await reporter();
    await allAcknowledged(running);
    const later = await write(2);
    await allAcknowledged(running);

    expect(taken.sort()).toEqual(later.sort());
    const told = lines.filter(({ message }) => message.includes('refuses an event'));
    expect(told.map(({ fields }) => fields['event_id']).sort()).toEqual(ids.sort());
  });

  test('never sends the torn tail of a killed writer', async () => {
    const ids = await write(3);
    const [segment] = await listSegments(join(folder, 'journal'));
    const whole = await readFile(segment!.path);
    await writeFile(segment!.path, whole.subarray(0, whole.length - 20));
    await reporter();
    while (taken.length < 2) await sleep(5);
    await sleep(50);

    expect(taken).toEqual(ids.slice(0, 2));
  });

  test('says once that the control plane is away, and once that it is back', async () => {
    turns = ['refuses', 'refuses', 'refuses'];
    await write(1);
    await allAcknowledged(await reporter());
    await sleep(20);

    expect(lines.map(({ message }) => message)).toEqual([
      expect.stringContaining('not reported'),
      expect.stringContaining('takes events again'),
    ]);
  });

  test('never writes the token', async () => {
    turns = ['refuses'];
    await write(1);
    await allAcknowledged(await reporter());

    expect(JSON.stringify(lines) + (await readFile(join(folder, 'reported.json'), 'utf8'))).not.toContain(
      'ktg_token',
    );
  });

  test('sends what is left when it is closed', async () => {
    const running = await reporter();
    const ids = await write(50);
    await running.close();

    expect(taken.sort()).toEqual(ids.sort());
  });

  test('closes in time when the control plane is away', async () => {
    server.closeAllConnections();
    server.close();
    await write(1);
    const running = await reporter();
    const begun = Date.now();
    await running.close(500);

    expect(Date.now() - begun).toBeLessThan(3000);
  });
});
