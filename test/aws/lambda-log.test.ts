import { expect, test } from '@jest/globals';
import { lambdaLog } from '#aws/lambda-log.ts';

function bench() {
  const lines: string[] = [];
  const log = lambdaLog({
    always: { function: 'recorder' },
    write: (line) => lines.push(line),
    clock: { now: () => Date.parse('2026-11-23T09:00:00.000Z') },
  });
  return { log, lines, only: () => JSON.parse(lines[0] ?? '') as Record<string, unknown> };
}

test('a call is one line of JSON with time, level and fields', () => {
  const { log, lines, only } = bench();

  log.info('call', { request_id: 'r1', text: 'two\nlines', tokens: 12, big: 5n });

  expect(lines).toHaveLength(1);
  expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1);
  expect(only()).toEqual({
    function: 'recorder',
    request_id: 'r1',
    text: 'two\nlines',
    tokens: 12,
    big: '5',
    time: '2026-11-23T09:00:00.000Z',
    level: 'info',
    message: 'call',
  });
});

test('fields cannot pretend to be another line head', () => {
  const { log, only } = bench();

  log.error('real', { level: 'info', message: 'fake', time: 'never' });

  expect(only()).toMatchObject({ level: 'error', message: 'real', time: '2026-11-23T09:00:00.000Z' });
});

test.each([
  ['an app key', 'kt_live_abcdefghijklmnop'],
  ['a console token', 'ktc_abcdefghijklmnop'],
  ['a provider key', 'sk-proj-abcdefghijklmnop'],
  ['a bearer header', 'Bearer abcdefghijklmnop'],
])('%s is shown nowhere, wherever it stands', (_what, secret) => {
  const { log, lines } = bench();

  log.error(`failed with ${secret}`, {
    text: `key ${secret}!`,
    nested: { list: [{ deep: secret }] },
    cause: Object.assign(new Error(`refused ${secret}`), { cause: new Error(secret) }),
  });

  expect(lines[0]).not.toContain('abcdefghijklmnop');
});

test('a text under a secret name is hidden, an id or a count is not', () => {
  const { log, only } = bench();

  log.info('call', {
    authorization: 'x',
    taskToken: 'AAAA',
    api_key: 'x',
    key_id: 'key_1',
    tokens: 7,
    token: 7,
  });

  expect(only()).toMatchObject({
    authorization: '[hidden]',
    taskToken: '[hidden]',
    api_key: '[hidden]',
    key_id: 'key_1',
    tokens: 7,
    token: 7,
  });
});

test('an error becomes name, message and code, without its stack', () => {
  const { log, only } = bench();

  log.error('failed', { error: Object.assign(new TypeError('no'), { code: 'ECONNREFUSED' }) });

  expect(only()['error']).toEqual({ name: 'TypeError', message: 'no', code: 'ECONNREFUSED' });
});

test('a line stays short whatever it is given', () => {
  const { log, lines } = bench();
  const loop: Record<string, unknown> = { wide: Array.from({ length: 10_000 }, (_, i) => i) };
  loop['again'] = loop;

  log.info('call', { loop, long: 'x'.repeat(1_000_000) });

  expect(lines[0]?.length).toBeLessThan(50_000);
});

test('a record to be replayed is written whole', () => {
  const { log, only } = bench();
  const replay = { event: { detail: 'x'.repeat(10_000) } };

  log.error('stored nowhere else', { replay });

  expect(only()['replay']).toEqual(replay);
});
