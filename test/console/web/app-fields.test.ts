import { expect, test } from '@jest/globals';
import type { AppView } from '../../../lib/console/views.ts';
import { changeOf, fieldsOf } from '../../../lib/console/web/app-fields.ts';

const app: AppView = {
  id: 'bot',
  version: 'v1',
  name: 'Bot',
  owner: 'ann',
  models: ['gpt-4o', 'small'],
  budget: {
    daily_micros: 500_000,
    warn_at: [80],
    on_exceed: 'downgrade:small',
    unknown_price: 'pass',
    max_tokens: 9,
  },
};

test('an app is shown as it is typed', () => {
  expect(fieldsOf(app)).toEqual({
    name: 'Bot',
    owner: 'ann',
    costCenter: '',
    models: 'gpt-4o, small',
    daily: '0.5',
    monthly: '',
  });
});

test('only what differs is sent, with the version that was seen', () => {
  expect(changeOf(app, { name: 'Bot', owner: ' bob ' })).toEqual({ owner: 'bob', version: 'v1' });
  expect(changeOf(app, { name: ' Bot ', owner: 'ann' })).toBeUndefined();
  expect(changeOf(app, {})).toBeUndefined();
});

test('an emptied field takes back what was stored', () => {
  expect(changeOf(app, { owner: '', models: ' ,' })).toEqual({ owner: null, models: null, version: 'v1' });
  expect(changeOf(app, { daily: '' })).toEqual({ budget: null, version: 'v1' });
});

test('a changed limit keeps the rest of the budget', () => {
  const { daily_micros: _, ...rest } = app.budget ?? {};

  expect(changeOf(app, { monthly: '400', daily: '' })).toEqual({
    budget: { ...rest, monthly_micros: 400_000_000 },
    version: 'v1',
  });
  expect(changeOf(app, { daily: '0.123456' })).toMatchObject({ budget: { ...rest, daily_micros: 123_456 } });
});

test.each(['1e9', '-5', '1.1234567', 'many', '1,5'])(
  '%s is no amount, and the console hears that',
  (daily) => {
    expect(JSON.stringify(changeOf(app, { daily }))).toContain('"daily_micros":null');
  },
);
