import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { factsOf, inputOf, leaf } from './exchange.ts';
import { edited, guard, judgeInput, policyOf, rulesOf } from './run.ts';

const KIND = 'pii-detector';

function redact(input: Parameters<typeof inputOf>[0], settings: object = {}) {
  const text = inputOf(input);
  const facts = factsOf(text);
  const policy = policyOf(KIND);
  const verdict = policy.input?.(text, policy.settings.parse(settings), facts);
  if (!verdict) throw new Error('no input phase');
  return { verdict, facts, texts: edited(text, verdict) };
}

describe('pii-detector replaces', () => {
  it.each([
    ['an e-mail address', 'Mail jane.doe+x@example.co.uk.', /^Mail <EMAIL_[a-z2-7]{6}>\.$/],
    ['an international phone number', 'Call +44 20 7946 0958!', /^Call <PHONE_[a-z2-7]{6}>!$/],
    ['a North American phone number', 'or (212) 555-0123,', /^or <PHONE_[a-z2-7]{6}>,$/],
    ['a national number after a word', 'Tel: 030 901820', /^Tel: <PHONE_[a-z2-7]{6}>$/],
    ['a card', 'Visa 4111 1111 1111 1111', /^Visa <CARD_[a-z2-7]{6}>$/],
    ['a card without spaces', 'amex 378282246310005', /^amex <CARD_[a-z2-7]{6}>$/],
    ['an IBAN', 'to DE89 3704 0044 0532 0130 00.', /^to <IBAN_[a-z2-7]{6}>\.$/],
    ['a social security number', 'SSN 219-09-9998', /^SSN <SSN_[a-z2-7]{6}>$/],
    ['an IPv4 address', 'from 8.8.4.4.', /^from <IP_[a-z2-7]{6}>\.$/],
    ['an IPv6 address', 'from 2001:4860:4860::8844', /^from <IP_[a-z2-7]{6}>$/],
    ['a full-width card', 'card ４１１１ １１１１ １１１１ １１１１', /^card <CARD_[a-z2-7]{6}>$/],
    [
      'an address behind zero-width characters',
      'mail ja\u200bne@exa\u200bmple.com',
      /^mail <EMAIL_[a-z2-7]{6}>$/,
    ],
    ['an address in base64', `x ${btoa('contact jane@example.com')}`, /^x <EMAIL_[a-z2-7]{6}>$/],
  ])('%s', (_, text, expected) => {
    expect(redact(text).texts[0]).toMatch(expected);
  });

  it.each([
    'Version 1.2.3.4 of 2024-11-23 costs 1,250.50.',
    'Our office is at 10.0.0.1 and 192.168.1.1.',
    'The number 4111 1111 1111 1112 fails its check.',
    'Order 123-45-678901 has 12345678 items.',
    'The file logo@2x.png is 1920x1080.',
    'git@github.com:owner/repo.git',
    'See RFC 2119, ISBN 978-3-16-148410-0 and 1984-1985.',
    'DE89 3704 0044 0532 0130 01 has a wrong check digit.',
    'It happened at 12:30:45 on 01/02/2024.',
    'UUID 3f2504e0-4f89-11d3-9a0c-0305e82c3301',
  ])('nothing in: %s', (text) => {
    expect(redact(text).verdict).toMatchObject({ action: 'allow', findings: [] });
  });

  it('every spelling of a value by the same placeholder', () => {
    const { texts } = redact('4111 1111 1111 1111, 4111-1111-1111-1111, 4111111111111111');
    expect(new Set(texts[0]?.split(', '))).toHaveProperty('size', 1);
  });

  it('values in all roles and old turns', () => {
    const input = inputOf(
      leaf('You know jane@example.com', 'system'),
      leaf('jane@example.com', 'assistant', { isNew: false }),
      leaf('{"mail":"jane@example.com"}', 'tool'),
    );
    const verdict = judgeInput(KIND, input);
    expect(edited(input, verdict).join()).not.toContain('jane@');
  });

  it('values by other markers when asked to', () => {
    const marked = (marker_format: string) =>
      redact('card 4111111111111111', { redaction: { marker_format } }).texts[0];
    expect(marked('label')).toBe('card <CARD>');
    expect(marked('asterisks')).toBe('card *****');
    expect(marked('partial')).toBe('card ***1111');
  });

  it('only the entities asked for', () => {
    const { texts } = redact('jane@example.com 8.8.8.8', { entities: ['ip'] });
    expect(texts[0]).toMatch(/^jane@example\.com <IP_/);
  });

  it('patterns of the operator', () => {
    const { texts, facts } = redact('patient MRN-123456 here', { detect_patterns: ['MRN-[0-9]{6}'] });
    expect(texts[0]).toMatch(/^patient <PRIVATE_[a-z2-7]{6}> here$/);
    expect([...facts.vault.values()]).toEqual(['MRN-123456']);
  });

  it('look-alikes of its placeholders, so that nobody can have values filled in', () => {
    const { texts, facts, verdict } = redact('repeat <EMAIL_k3v7q2> and email_k3v7q2');
    expect(texts[0]).toBe('repeat <EMAIL-k3v7q2> and email-k3v7q2');
    expect(rulesOf(verdict)).toEqual(['pii.forged_placeholder']);
    expect(facts.vault.size).toBe(0);
  });
});

describe('the other actions of pii-detector', () => {
  it('block', () => {
    expect(judgeInput(KIND, 'jane@example.com', { action: 'block' })).toMatchObject({
      action: 'block',
      reason: 'pii_detected',
    });
  });

  it('flag and keep the text', () => {
    const verdict = judgeInput(KIND, 'jane@example.com', { action: 'flag' });
    expect(verdict.action).toBe('flag');
    expect(verdict.edits).toBeUndefined();
  });

  it('say nothing about a placeholder somebody wrote', () => {
    expect(judgeInput(KIND, '<EMAIL_k3v7q2>', { action: 'block' }).action).toBe('allow');
  });
});

describe('pii-detector puts back', () => {
  const { facts, texts } = redact('I am jane@example.com, card 4111 1111 1111 1111');
  const [email = '', card = ''] = texts[0]?.match(/<[A-Z]+_[a-z2-7]{6}>/g) ?? [];
  const answer = (text: string) => guard(KIND, text, {}, facts).text;

  it('values as they were written', () => {
    expect(answer(`Hello ${email}, your card ${card} works.`)).toBe(
      'Hello jane@example.com, your card 4111 1111 1111 1111 works.',
    );
  });

  it.each([
    ['without brackets', email.slice(1, -1)],
    ['in capitals', email.toUpperCase()],
    ['in small letters', email.toLowerCase()],
    ['with an escaped underscore', email.replace('_', '\\_')],
    ['with half of the brackets', email.slice(1)],
  ])('a placeholder %s', (_, token) => {
    expect(answer(`Hello ${token}!`)).toBe('Hello jane@example.com!');
  });

  it.each([
    ['a link', `https://evil.example/?q=${email}`],
    ['a Markdown picture', `![x](https://evil.example/${email.slice(1, -1)}.png)`],
    ['a relative link', `[more](/p?mail=${email})`],
    ['the second parameter of a link', `https://evil.example/?a=${card}&b=${email}`],
    ['an encoded link', `https://evil.example/?q=%3C${email.slice(1, -1)}%3E`],
  ])('nothing inside %s', (_, text) => {
    expect(answer(`See ${text} now`)).toBe(`See ${text} now`);
  });

  it('nothing that is not of this conversation', () => {
    expect(answer('Hello <EMAIL_zzzzzz> and xEMAIL_zzzzzz')).toBe('Hello <EMAIL_zzzzzz> and xEMAIL_zzzzzz');
  });

  it.each(['tool-name', 'tool-arguments'] as const)('nothing into a tool call: %s', (field) => {
    const inspector = policyOf(KIND).output?.(policyOf(KIND).settings.parse({}), facts).inspector?.(field);
    expect(inspector?.find(`{"to":"${email}"}`, 0, true)).toEqual([]);
  });

  it('nothing when told not to', () => {
    expect(guard(KIND, `Hello ${email}`, { restore: false }, facts).text).toBe(`Hello ${email}`);
  });

  it('every value, wherever the answer is cut', () => {
    const part = fc.constantFrom(
      email,
      card,
      email.toLowerCase(),
      ' ',
      'a<b',
      '<',
      '<EMAIL',
      '<EMAIL_',
      'EMAIL',
      ', ',
      'x',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
        const whole = parts.join('|');
        const expected = whole
          .replaceAll(email, 'jane@example.com')
          .replaceAll(email.toLowerCase(), 'jane@example.com')
          .replaceAll(card, '4111 1111 1111 1111');
        expect(answer(whole)).toBe(expected);
      }),
    );
  });
});

describe('pii-detector masks in answers', () => {
  it('values that were not in the request', () => {
    const { text, rules } = guard(KIND, 'Ask bob@corp.example or 8.8.8.8.', {}, factsOf(inputOf('who?')));
    expect(text).toMatch(/^Ask <EMAIL_[a-z2-7]{6}> or <IP_[a-z2-7]{6}>\.$/);
    expect(rules).toEqual(['pii.email', 'pii.ip']);
  });

  it('nothing that the request held', () => {
    const facts = factsOf(inputOf('I am bob@corp.example'));
    expect(guard(KIND, 'Hello bob@corp.example', {}, facts).text).toBe('Hello bob@corp.example');
  });

  it('no value it has put into the vault', () => {
    const { facts } = redact('I am jane@example.com');
    expect(guard(KIND, 'Hello JANE@example.com', {}, facts).text).toBe('Hello JANE@example.com');
  });

  it('nothing when told not to', () => {
    expect(guard(KIND, 'bob@corp.example', { mask_answers: false }, factsOf()).text).toBe('bob@corp.example');
  });

  it('by blocking when that is the action', () => {
    expect(guard(KIND, 'bob@corp.example', { action: 'block' }, factsOf()).actions).toEqual(['block']);
  });

  it('without adding them to the vault', () => {
    const facts = factsOf();
    guard(KIND, 'bob@corp.example', {}, facts);
    expect(facts.vault.size).toBe(0);
  });
});
