import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createConsole } from '#console/app.ts';
import { formatKey, hashKey, KEY_BYTES } from '#core/auth/app-key.ts';
import { createEmitter } from '#core/ledger/chain.ts';
import type { ConsoleToken } from '#core/ports.ts';
import { fileKeyRing } from '#local/file-key-ring.ts';
import { fileReviewDesk } from '#local/file-review-desk.ts';
import { openJournal } from '#local/journal.ts';
import { journalEventReader } from '#local/journal-event-reader.ts';
import { journalEventSink } from '#local/journal-event-sink.ts';
import { type HttpDoor, serveHttp } from '#local/serve-http.ts';
import { decideReview } from '#review/decide-review.ts';
import { consolePack, consoleWorld } from '../console/console-world.ts';
import { sampleCase, sampleEvent, sampleRow } from '../contracts/sample-records.ts';
import { kt } from './run-kt.ts';

const clock = { now: Date.now };
const quiet = { info: () => undefined, error: () => undefined };

const day = { model: 'gpt-4o', calls: 2, blocked: 1, input: 10, output: 5 };
const SPENT = [
  sampleRow({ ...day, appId: 'hr-bot', day: '2026-11-01', costMicros: 1_234_567 }),
  sampleRow({ ...day, appId: 'hr-bot', day: '2026-11-02', costMicros: 1 }),
  sampleRow({ ...day, appId: '=evil', day: '2026-11-02', costMicros: 0, unpriced: 2 }),
];

let cwd: string;
let door: HttpDoor;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'kt-console-'));
  door = await serveHttp(consoleOn(cwd), { host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await door.close(0);
  await rm(cwd, { recursive: true, force: true });
});

/** The real console API over files. */
function consoleOn(folder: string) {
  const desk = fileReviewDesk(join(folder, 'reviews'));
  const record = async () => createEmitter('e').seal(sampleEvent());
  const flow = { start: async () => undefined, resume: async () => 'resumed' as const };
  return createConsole(
    {
      keys: fileKeyRing(join(folder, 'keys.json')),
      events: journalEventReader(join(folder, 'journal'), clock),
      sink: { send: async () => ({ tier: 'log' }) },
      usage: { usage: async () => SPENT },
      reviews: desk,
      decide: (wish) => decideReview({ desk, flow, record, clock, log: quiet }, wish),
      apps: async () => [],
      ...consoleWorld().world,
      record,
      clock,
      log: quiet,
    },
    { environment: 'test', version: '1', pack: consolePack },
  );
}

async function token(role: ConsoleToken['role']): Promise<string> {
  const made = formatKey(randomBytes(KEY_BYTES), 'console');
  await fileKeyRing(join(cwd, 'keys.json')).putToken(hashKey(made), { subject: `${role}@test`, role });
  return made;
}

async function store(count: number) {
  const journal = await openJournal(join(cwd, 'journal'));
  const sink = journalEventSink(journal, quiet);
  const events = Array.from({ length: count }, (_, n) => sampleEvent({ request_id: `request-${n}` }));
  for (const event of events) await sink.send(event);
  await journal.close();
}

async function ask(argv: string[], role: ConsoleToken['role'] = 'viewer') {
  return kt(cwd, [...argv, '--console', door.url], { KT_CONSOLE_TOKEN: await token(role) });
}

describe('events of a console', () => {
  test('are listed over as many pages as it takes', async () => {
    await store(450);
    const { code, out, err } = await ask(['events', 'list', '--json', '--limit', '430']);

    expect([code, out.split('\n').length]).toEqual([0, 430]);
    expect(err).toContain('There are more');
  });

  test('of one request are shown', async () => {
    await store(3);

    expect((await ask(['events', 'show', 'request-1'])).out).toContain('request-1');
    expect(await ask(['events', 'show', 'request-9'])).toMatchObject({ code: 1, out: '' });
  });

  test('need a token', async () => {
    const { code, err } = await kt(cwd, ['events', 'list', '--console', door.url]);

    expect(code).toBe(1);
    expect(err).toContain('KT_CONSOLE_TOKEN');
  });

  test('are refused with a wrong token, which is not shown', async () => {
    const wrong = formatKey(randomBytes(KEY_BYTES), 'console');
    const { code, err } = await kt(cwd, ['events', 'list', '--console', door.url, '--token', wrong]);

    expect(code).toBe(1);
    expect(err).toMatch(/refused \(401\)/);
    expect(err).not.toContain(wrong);
  });

  test('of something that is no console end with 2', async () => {
    const other = await serveHttp(async () => Response.json({ hello: 'world' }), {
      host: '127.0.0.1',
      port: 0,
    });
    const { code } = await kt(cwd, ['events', 'list', '--console', other.url, '--token', 't']);
    await other.close(0);

    expect(code).toBe(2);
  });

  test('of a console that is down end with 3', async () => {
    await door.close(0);
    const { code, err } = await ask(['events', 'list']);

    expect(code).toBe(3);
    expect(err).toContain('ECONNREFUSED');
  });
});

describe('reviews at a console', () => {
  test('are listed, shown, decided', async () => {
    const held = sampleCase({ answer: 'Take two a day.\u001b[2J' });
    await fileReviewDesk(join(cwd, 'reviews')).open(held);

    expect((await ask(['review', 'list'])).out).toContain(held.id);
    expect((await ask(['review', 'show', held.id], 'reviewer')).out).toBe('Take two a day.�[2J');
    expect((await ask(['review', 'reject', held.id, '--reason', 'wrong'], 'reviewer')).code).toBe(0);
    expect((await ask(['review', 'list', '--status', 'rejected'])).out).toContain(held.id);
  });

  test('are not decided by a viewer', async () => {
    const held = sampleCase();
    await fileReviewDesk(join(cwd, 'reviews')).open(held);
    const { code, err } = await ask(['review', 'approve', held.id, '--reason', 'fine']);

    expect(code).toBe(1);
    expect(err).toMatch(/refused \(403\)/);
  });
});

describe('what calls cost', () => {
  const report = (...words: string[]) =>
    ask(['spend', 'report', '--from', '2026-11-01', '--to', '2026-11-30', ...words]);

  test('is told by app and model, with exact sums', async () => {
    const { code, out } = await report();

    expect(code).toBe(0);
    expect(out).toMatch(/hr-bot +gpt-4o +4 +2 +20 +10 +1\.234568 +0/);
    expect(out).toMatch(/total +6 +3 +30 +15 +1\.234568 +2/);
  });

  test('is JSON with micro-dollars where it is asked for so', async () => {
    const { out } = await report('--by', 'day', '--format', 'json');

    expect(JSON.parse(out)).toMatchObject({
      by: ['day'],
      lines: [
        { day: '2026-11-01', cost_micros: 1_234_567, usd: '1.234567' },
        { day: '2026-11-02', cost_micros: 1, unpriced: 2 },
      ],
      total: { calls: 6, cost_micros: 1_234_568 },
    });
  });

  test('of a journal that is not there is an error, not 0', async () => {
    const { code, out, err } = await ask(['spend', 'report', '--journal', 'mistyped']);

    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('There is no journal at');
  });

  test.each(['csv', 'focus'])('never begins a cell of %s like a formula', async (format) => {
    const { out } = await report('--format', format);

    expect(out).toContain("'=evil");
    expect(out).not.toMatch(/(^|,)=evil/m);
  });

  test('is refused for a day or a dimension that makes no sense', async () => {
    expect((await report('--by', 'colour')).code).not.toBe(0);
    expect((await ask(['spend', 'report', '--from', '2026-12-01', '--to', '2026-11-01'])).err).toContain(
      'is after',
    );
  });
});

describe('tokens', () => {
  const tokens = (...argv: string[]) => kt(cwd, ['tokens', ...argv, '--state', cwd], { USER: 'ann' });
  const events = (by: string) => kt(cwd, ['events', 'list', '--console', door.url], { KT_CONSOLE_TOKEN: by });

  test('a token works until it is revoked, and the others go on working', async () => {
    const { out: ann } = await tokens('create', '--role', 'viewer', '--name', 'ann@example.com');
    const { out: bob } = await tokens('create', '--role', 'viewer', '--name', 'bob@example.com');
    const listed = (await tokens('list', '--json')).out.split('\n').map((line) => JSON.parse(line));
    const { id } = listed.find(({ subject }) => subject === 'ann@example.com');
    expect((await events(ann)).code).toBe(0);

    expect((await tokens('revoke', id)).out).toBe(`${id} is revoked; it stops working at once.`);

    expect(await events(ann)).toMatchObject({ code: 1, err: expect.stringContaining('revoked') });
    expect((await events(bob)).code).toBe(0);
  });

  test('are listed with what recognises them, never themselves', async () => {
    const { out: made } = await tokens('create', '--role', 'admin', '--name', 'ann', '--expires', '90d');
    await tokens('create', '--gateway', 'office');

    const { out } = await tokens('list');

    expect(out).toMatch(/^id +token +role +who +created +last used +state/);
    expect(out).toMatch(
      new RegExp(`^token_[0-9a-f]{16} +${made.slice(0, 8)}… +admin +ann .* active until`, 'm'),
    );
    expect(out).toMatch(/ktg_.{4}… +gateway +office .* active$/m);
    expect(out).not.toContain(made);
  });

  test('made and revoked are events that name no token', async () => {
    const { out: made } = await tokens('create', '--gateway', 'office');
    const { id } = JSON.parse((await tokens('list', '--json')).out);
    await tokens('revoke', id);

    const { out } = await kt(cwd, ['events', 'list', '--json', '--state', cwd]);

    const found = out.split('\n').map((line) => JSON.parse(line));
    expect(
      found.map(({ type, route, key_id, app_id, reviewer, detail }) => [
        type,
        route,
        key_id,
        app_id,
        reviewer,
        detail,
      ]),
    ).toEqual([
      ['token.revoked', 'kt tokens revoke', id, '*', 'ann', 'gateway office'],
      ['token.created', 'kt tokens create', id, '*', 'ann', 'gateway office'],
    ]);
    expect(out).not.toContain(made.slice(4));
  });

  test.each([
    [['create'], '--role viewer|reviewer|admin'],
    [['create', '--role', 'viewer'], 'needs --name'],
    [['create', '--role', 'viewer', '--gateway', 'lab'], 'cannot be used with'],
    [['revoke', 'token_none'], 'kt tokens list'],
  ])('%j is refused with what to do', async (argv, help) => {
    expect(await tokens(...argv)).toMatchObject({ code: 1, err: expect.stringContaining(help) });
  });
});
