import { expect, test } from '@jest/globals';
import { terminalLog } from '#local/terminal-log.ts';

function logged(format: 'text' | 'json', write: (log: ReturnType<typeof terminalLog>) => void): string[] {
  const lines: string[] = [];
  write(
    terminalLog({
      write: (line) => lines.push(line),
      clock: { now: () => Date.UTC(2026, 10, 23, 9, 5, 7) },
      format,
    }),
  );
  return lines;
}

const call = {
  request_id: '01K',
  app: 'default',
  model: 'gpt-4o',
  verdict: 'redacted',
  status: 200,
  ms: 812,
  chain: ['prompt-injection/input:allow 90us', 'pii-detector/input:redact 210us'],
};

test('a call is one line that ends with what the chain said', () => {
  expect(logged('text', (log) => log.info('call', call))).toEqual([
    '09:05:07.000  call  200  redacted  default  gpt-4o  812 ms  request_id=01K  ' +
      '[prompt-injection/input:allow 90us › pii-detector/input:redact 210us]',
  ]);
});

test('as JSON it is one object', () => {
  const [line] = logged('json', (log) => log.info('call', call));

  expect(JSON.parse(line!)).toEqual({
    ...call,
    time: '2026-11-23T09:05:07.000Z',
    level: 'info',
    message: 'call',
  });
});

test('a model name cannot forge a line or move the cursor', () => {
  const [line] = logged('text', (log) => log.info('call', { model: 'a\n09:05 call 200\u001b[2J\u202e' }));

  expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test('a long value is cut', () => {
  const [line] = logged('text', (log) => log.info('call', { model: 'x'.repeat(10_000) }));

  expect(line!.length).toBeLessThan(400);
});

test('a record that exists nowhere else is written whole', () => {
  const replay = { detail: 'y'.repeat(5000) };
  const [line] = logged('text', (log) => log.error('event not stored', { replay }));

  expect(line).toContain('ERROR');
  expect(line).toContain(JSON.stringify(replay));
});
