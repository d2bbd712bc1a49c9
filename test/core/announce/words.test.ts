import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { wordsOf } from '#core/announce/words.ts';
import { REQUEST, WARNING } from '../../contracts/announcer.ts';

test('a request for a review says what is held, why, and until when', () => {
  expect(wordsOf(REQUEST)).toEqual({
    title: 'Keeptrusts test: Review Requested',
    text: 'An answer of gpt-4o for the app support is held (oversight.medical). Decide by 2026-11-28T13:00:00.000Z, or it is rejected. Review case-1.',
  });
});

test('a held request is not called an answer', () => {
  const request = { ...REQUEST, phase: 'input' } as typeof REQUEST;
  expect(wordsOf(request).text).toMatch(/^A request for gpt-4o for the app support is held/);
});

test('a case that needs several people says how many have approved it', () => {
  const request = { ...REQUEST, approvals_needed: 2, approvals: 1 } as typeof REQUEST;
  expect(wordsOf(request).text).toContain('(oversight.medical). 1 of 2 people have approved it. Decide by');
});

test('a budget that has no room for a call is not called spent', () => {
  const full = { ...WARNING, percent: 100, spent_micros: 0, limit_micros: 300 } as typeof WARNING;
  expect(wordsOf(full).text).toMatch(/ has no room for a call: \$0\.00 of \$0\.0003 spent\.$/);
  const spent = { ...full, spent_micros: 300 } as typeof WARNING;
  expect(wordsOf(spent).text).toMatch(/ has reached 100 %: /);
});

test('of many rules five are named', () => {
  const rules = Array.from({ length: 9 }, (_, i) => `r${i}`);
  expect(wordsOf({ ...REQUEST, rules } as typeof REQUEST).text).toContain('(r0, r1, r2, r3, r4 and 4 more)');
});

test('no name of an app, model or rule becomes markup of a chat, breaks a line or ends a JSON text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const made = [
        wordsOf({ ...REQUEST, model: name, app_id: name, rules: [name] } as typeof REQUEST),
        wordsOf({ ...WARNING, owner: name, environment: name } as typeof WARNING),
      ];
      for (const { title, text } of made) {
        expect(title + text).not.toMatch(/[<>&"\\\p{Cc}\u2028\u2029]/u);
        expect(() => JSON.parse(`{"text": "*${title}* ${text}"}`)).not.toThrow();
      }
    }),
    { examples: [['<!channel> "x"\n\\'], ['\u2028']] },
  );
});
