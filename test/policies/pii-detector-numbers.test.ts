import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NUMBER_ENTITIES, SCHEMES } from '../../policies/pii-detector/numbers/schemes.ts';
import { factsOf, inputOf } from './exchange.ts';
import { EXAMPLES, HARMLESS, HEALTHCARE } from './pii-detector.numbers.ts';
import { edited, guard, judgeInput, policyOf, rulesOf } from './run.ts';

const KIND = 'pii-detector';
const rules = (text: string, settings: object = {}) => rulesOf(judgeInput(KIND, text, settings));

function redacted(text: string, settings: object = {}): string {
  const input = inputOf(text);
  return edited(input, judgeInput(KIND, input, settings))[0] ?? '';
}

describe('pii-detector knows', () => {
  it.each(Object.entries(EXAMPLES))('%s as in %j', (entity, text) => {
    expect(rules(`It is ${text}, thanks.`)).toEqual([`pii.${entity}`]);
  });

  it.each(Object.entries(HEALTHCARE))('%s as in %j, in healthcare mode', (entity, text) => {
    expect(rules(text, { healthcare_mode: true })).toEqual([`pii.${entity}`]);
    expect(rules(text)).not.toContain(`pii.${entity}`);
  });

  it.each(Object.entries(EXAMPLES).filter(([entity]) => isChecked(entity)))(
    'that another last sign makes no %s of %j',
    (entity, text) => {
      const other = text.replace(
        /[0-9A-Z](\)?)$/,
        (sign) => `${sign.startsWith('7') ? '4' : '7'}${sign.slice(1)}`,
      );
      expect(rules(other)).not.toContain(`pii.${entity}`);
    },
  );

  it.each(['12.345.678-5', '943 476 5919'])('the words behind %s', (number) => {
    expect(rules(`${number} is my NHS number`).length).toBe(1);
  });

  it('a number of any country after words for one', () => {
    expect(rules('my national id is 111222333').length).toBe(1);
    expect(rules('my score is 111222333')).toEqual([]);
  });
});

function isChecked(entity: string): boolean {
  const isDateOnly = ['mx_rfc', 'kr_rrn', 'de_tax_number', 'de_id_card'].includes(entity);
  return !isDateOnly && NUMBER_ENTITIES.some((known) => known === entity && SCHEMES[known].valid);
}

describe('pii-detector lets pass', () => {
  it.each(HARMLESS)('%j', (text) => {
    expect(judgeInput(KIND, text)).toMatchObject({ action: 'allow', findings: [] });
  });
});

describe('pii-detector takes a short number with the check digit of a card', () => {
  it.each(['SKU 6518524613598, three pieces', 'Parcel no. 646973691231 is late', 'EAN: 4078410479739'])(
    'for goods in %j',
    (text) => {
      expect(rules(text)).toEqual([]);
    },
  );

  it.each(['Maestro 646973691231', 'pay with 4078410479739', 'order 4111111111111111'])(
    'for a card in %j',
    (text) => {
      expect(rules(text)).toEqual(['pii.card']);
    },
  );
});

describe('pii-detector takes no point in time for a number of a person', () => {
  const moment = fc.date({ min: new Date('2016-01-01'), max: new Date('2033-01-01'), noInvalidDate: true });
  const digits = (date: Date) => date.toISOString().replace(/\D/g, '');

  it.each<[string, (date: Date) => string]>([
    ['milliseconds', (date) => `at ${date.getTime()} ms`],
    ['seconds', (date) => `"time":${Math.floor(date.getTime() / 1000)},`],
    ['fourteen digits', (date) => `backup-${digits(date).slice(0, 14)}.tar and ${digits(date).slice(0, 14)}`],
    ['twelve digits', (date) => `file ${digits(date).slice(0, 12)} done`],
    ['day and time', (date) => `run ${digits(date).slice(0, 8)}-${digits(date).slice(8, 12)} ok`],
    ['ISO 8601', (date) => `${date.toISOString()} start`],
  ])('as %s', (_, write) => {
    fc.assert(
      fc.property(moment, (date) => expect(rules(write(date))).toEqual([])),
      { numRuns: 2000 },
    );
  });
});

describe('the settings of pii-detector', () => {
  it('leave kinds out', () => {
    expect(rules('111.444.777-35 12345678Z', { exclude_entities: ['br_cpf'] })).toEqual(['pii.es_dni']);
  });

  it('look for the numbers of some countries only', () => {
    expect(rules('111.444.777-35 12345678Z jane@example.com', { regions: ['BR'] })).toEqual([
      'pii.br_cpf',
      'pii.email',
    ]);
  });

  it('know the national phone numbers of one country', () => {
    expect(rules('ask 09171234560 today', { default_region: 'PH' })).toEqual(['pii.phone']);
    expect(rules('ask 09171234560 today')).toEqual([]);
  });

  it('leave card details alone without pci_mode', () => {
    expect(rules('CVV: 123, cardholder: Jane Doe', { pci_mode: false })).toEqual([]);
  });

  it('find private addresses when asked to', () => {
    expect(rules('10.0.0.1 and fe80::1 and ::ffff:10.0.0.1', { private_ips: true })).toEqual(['pii.ip']);
    expect(rules('10.0.0.1 and fe80::1')).toEqual([]);
    expect(rules('listen on ipv6 ::', { private_ips: true })).toEqual(['pii.ip']);
    expect(rules('std::vector, x :: Int and Foo::bar', { private_ips: true })).toEqual([]);
  });

  it('refuse markers that cannot be', () => {
    const parse = (settings: object) => policyOf(KIND).settings.safeParse(settings).success;
    expect(parse({ entities: ['unicorn'] })).toBe(false);
    expect(parse({ regions: ['XX'] })).toBe(false);
    expect(parse({ default_region: 'de' })).toBe(false);
    expect(parse({ redaction: { custom_markers: { unicorn: 'x' } } })).toBe(false);
  });

  it('put markers of the operator', () => {
    const redaction = { marker_format: 'custom', custom_markers: { email: '[mail]', default: '[hidden]' } };
    expect(redacted('jane@example.com 12345678Z', { redaction })).toBe('[mail] [hidden]');
    expect(redacted('jane@example.com', { redaction: { marker_format: 'custom' } })).toBe('<EMAIL>');
  });

  it('keep the length under asterisks when asked to', () => {
    const redaction = { marker_format: 'asterisks', preserve_length: true };
    expect(redacted('card 4111111111111111.', { redaction })).toBe('card ****************.');
  });

  it('show at most a third of a value', () => {
    expect(redacted('CVV 123', { redaction: { marker_format: 'partial' } })).toBe('CVV ***3');
  });
});

describe('placeholders of pii-detector', () => {
  it('are the same over turns and spellings', () => {
    const first = redacted('my CPF is 111.444.777-35');
    const later = redacted('as I said, CPF 11144477735');
    expect(later.match(/<NATIONALID_\w+>/)?.[0]).toBe(first.match(/<NATIONALID_\w+>/)?.[0]);
  });

  it('of a value are no way to read it out', () => {
    const token = redacted('jane@example.com');
    const input = inputOf(`what is ${token.slice(1, -1)}?`, 'jane@example.com');
    const texts = edited(input, judgeInput(KIND, input));
    expect(texts[0]).toBe(`what is ${token.slice(1, -1).replace('_', '-')}?`);
    expect(texts[1]).toBe(token);
  });

  it('come back escaped inside the strings of a JSON answer', () => {
    const settings = { detect_patterns: ['"[A-Z]+"'] };
    const input = inputOf('call me "BOSS"');
    const facts = factsOf(input, { structuredOutput: true });
    const policy = policyOf(KIND);
    const verdict = policy.input?.(input, policy.settings.parse(settings), facts);
    const [token] = (verdict?.edits ?? []).map(({ replacement }) => replacement);
    const { text } = guard(KIND, `{"name":"${token}"}`, settings, facts);
    expect(JSON.parse(text)).toEqual({ name: '"BOSS"' });
  });
});
