import { describe, expect, it } from '@jest/globals';
import { SECRET_RULES } from '#policies/dlp-filter/secret-rules.ts';
import { vectors } from './dlp-filter.vectors.ts';
import { factsOf, inputOf } from './exchange.ts';
import { edited, guard, judgeInput, rulesOf } from './run.ts';

const KIND = 'dlp-filter';
const KEY = ['AKIA', 'QYLPMN5HHHFPZAM2'].join('');

describe('dlp-filter', () => {
  it.each(vectors.positives)('finds something in the request %j', (text) => {
    expect(judgeInput(KIND, text, vectors.settings).action).not.toBe('allow');
  });

  it('replaces a secret by a mark that says nothing about it', () => {
    const input = inputOf(`my key is ${KEY} ok`);
    expect(edited(input, judgeInput(KIND, input))[0]).toMatch(/^my key is <SECRET_[a-z2-7]{6}> ok$/);
  });

  it('keeps the name of an assignment', () => {
    const input = inputOf(`DB_PASSWORD="Xk9${'vQ2'}mZr7Lp" # set`);
    expect(edited(input, judgeInput(KIND, input))[0]).toMatch(/^DB_PASSWORD="<SECRET_[a-z2-7]{6}>" # set$/);
  });

  it('finds a secret behind base64', () => {
    const input = inputOf(`data: ${btoa(`export KEY=${KEY} # prod`)}`);
    expect(edited(input, judgeInput(KIND, input))[0]).toMatch(/^data: <SECRET_[a-z2-7]{6}>$/);
  });

  it.each([
    ['zero-width characters', [...KEY].join('\u200b')],
    ['full-width letters', [...KEY].map((sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)).join('')],
    ['a soft hyphen', `${KEY.slice(0, 9)}\u00ad${KEY.slice(9)}`],
  ])('finds a secret behind %s', (_, hidden) => {
    const input = inputOf(`the key: ${hidden} 😀`);
    expect(edited(input, judgeInput(KIND, input))[0]).toMatch(/^the key: <SECRET_[a-z2-7]{6}> 😀$/);
  });

  it('knows three hundred kinds of secrets', () => {
    expect(new Set(SECRET_RULES.map(({ id }) => id)).size).toBeGreaterThanOrEqual(300);
  });

  it.each([
    'The password is required.',
    'password: your-password-here1',
    'api_key = process.env.OPENAI_API_KEY1',
    'See https://user.example.com:8443/path@v2',
    'task-sk-learn is a skill; sk-8 does not exist',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    'import { eyJson } from "./eyJson"',
  ])('finds nothing in %j', (text) => {
    expect(judgeInput(KIND, text, { sensitivity_level: 'restricted' })).toMatchObject({
      action: 'allow',
      findings: [],
    });
  });

  it('blocks when that is the action', () => {
    expect(judgeInput(KIND, KEY, { action: 'block' })).toMatchObject({
      action: 'block',
      reason: 'dlp.detected',
    });
  });

  it('blocks a classified document whatever the action', () => {
    const text = 'STRICTLY CONFIDENTIAL\nOur plan for next year';
    expect(judgeInput(KIND, text).action).toBe('allow');
    expect(judgeInput(KIND, text, { sensitivity_level: 'high' })).toMatchObject({
      action: 'block',
      reason: 'dlp.classified',
    });
    expect(judgeInput(KIND, 'for internal use only', { sensitivity_level: 'high' }).action).toBe('allow');
    expect(judgeInput(KIND, 'for internal use only', { sensitivity_level: 'restricted' }).action).toBe(
      'block',
    );
  });

  it('finds blocked terms with mistakes only when fuzzy', () => {
    const settings = { blocked_terms: ['nightingale'], max_distance: 2 };
    expect(judgeInput(KIND, 'project nightengale', settings).action).toBe('allow');
    expect(rulesOf(judgeInput(KIND, 'project nightengale', { ...settings, fuzzy_matching: true }))).toEqual([
      'dlp.term',
    ]);
  });

  it.each([
    [0, 0],
    [1, 1],
    [4, 4],
    [8, 8],
  ])(
    'finds a long term with %i mistakes when %i are allowed, and not with one more',
    (mistakes, max_distance) => {
      const term = 'the quarterly acquisition roadmap of nightingale';
      const wrong = (count: number) =>
        [...term].map((sign, at) => (at % 5 === 4 && at < count * 5 ? '7' : sign)).join('');
      const settings = { blocked_terms: [term], fuzzy_matching: true, max_distance };
      expect(judgeInput(KIND, `about ${wrong(mistakes)}.`, settings).action).toBe('redact');
      expect(judgeInput(KIND, `about ${wrong(mistakes + 1)}.`, settings).action).toBe('allow');
    },
  );

  it('finds patterns of the operator', () => {
    const input = inputOf('ticket PRJ-0042');
    const verdict = judgeInput(KIND, input, { detect_patterns: ['PRJ-[0-9]{4}'] });
    expect(edited(input, verdict)[0]).toMatch(/^ticket <WITHHELD_[a-z2-7]{6}>$/);
  });

  it('lets secrets pass when told so', () => {
    expect(judgeInput(KIND, KEY, { detect_secrets: false }).action).toBe('allow');
  });

  it('never shows a secret in its findings', () => {
    expect(JSON.stringify(judgeInput(KIND, KEY))).not.toContain(KEY);
  });

  it('replaces secrets in answers', () => {
    expect(guard(KIND, `use ${KEY}.`, {}, factsOf()).text).toMatch(/^use <SECRET_[a-z2-7]{6}>\.$/);
  });

  it('looks at tool calls of answers', () => {
    const { text } = guard(KIND, `{"key":"${KEY}"}`, {}, factsOf());
    expect(text).not.toContain(KEY);
  });

  it('lets answers alone when told so', () => {
    expect(guard(KIND, KEY, { check_answers: false }, factsOf()).text).toBe(KEY);
  });
});
