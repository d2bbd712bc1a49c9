import { describe, expect, it } from '@jest/globals';
import { inputOf, leaf } from './exchange.ts';
import { edited, judgeInput } from './run.ts';

const FOUR_LAYERS = [1, 2, 3, 4].reduce(
  (text) => btoa(text),
  'My address is jane.doe@mail.example.org, thank you.',
);
const input = inputOf(`Please read ${FOUR_LAYERS}`);

describe('a text that hides more than is decoded', () => {
  it.each(['prompt-injection', 'safety-filter'])(
    'is stopped by %s, which does not say that it read it',
    (kind) => {
      expect(judgeInput(kind, input)).toMatchObject({
        action: 'block',
        reason: 'views.exhausted',
        findings: [{ rule: 'views.exhausted', where: 0 }],
        scanned: 0,
      });
    },
  );

  it.each([
    ['pii-detector', /^<WITHHELD>$/],
    ['dlp-filter', /^<WITHHELD_[a-z2-7]{6}>$/],
  ])('is withheld as a whole by %s', (kind, expected) => {
    const verdict = judgeInput(kind, input);
    expect(verdict).toMatchObject({ action: 'redact', reason: 'views.exhausted', scanned: 0 });
    expect(edited(input, verdict)).toEqual([expect.stringMatching(expected)]);
  });

  it.each(['prompt-injection', 'safety-filter', 'pii-detector', 'dlp-filter'])(
    'is flagged by %s where it only flags',
    (kind) => {
      expect(judgeInput(kind, input, { action: 'flag' })).toMatchObject({
        action: 'flag',
        reason: 'views.exhausted',
      });
    },
  );

  it('does not stop a conversation that has gone on since', () => {
    const old = inputOf(leaf(FOUR_LAYERS, 'user', { isNew: false }), 'Thank you.');
    expect(judgeInput('prompt-injection', old)).toMatchObject({ action: 'allow', scanned: 10 });
  });
});
