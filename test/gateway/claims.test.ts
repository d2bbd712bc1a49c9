import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chat, startGateway, type TestGateway } from '../support/gateway.ts';

const APPS = [
  { id: 'hr-bot', cost_center: 'cc-7', dify_app_ids: ['dify-hr'] },
  { id: 'sales-bot', cost_center: 'cc-8', dify_app_ids: ['dify-sales'] },
];

let gateway: TestGateway;
afterEach(() => gateway.close());

async function eventOf(header: string | undefined, body: string | undefined) {
  const count = gateway.events.length;
  const metadata = body === undefined ? {} : { metadata: { dify_app_id: body } };
  const headers = header === undefined ? {} : { 'x-dify-app-id': header };
  await (await gateway.post({ ...chat('Hello.'), ...metadata }, headers)).text();
  return (await gateway.stored(count + 1)).at(-1);
}

test.each([
  ['of another app', undefined, 'dify-sales', true],
  ['of another app, in the header', 'dify-sales', undefined, true],
  ['that nobody declared, where the app of the key has some', undefined, 'dify-unknown', true],
  ['in the header, and another in the body', 'dify-hr', 'dify-sales', true],
  ['of the own app', 'dify-hr', 'dify-hr', undefined],
  ['at all is missing', undefined, undefined, undefined],
])('the key wins where a claim %s', async (_, header, body, conflict) => {
  gateway = await startGateway({ apps: APPS });

  const event = await eventOf(header, body);

  expect(event).toMatchObject({ app_id: 'hr-bot', cost_tags: { app: 'hr-bot', 'cost-center': 'cc-7' } });
  expect(event?.claim_conflict).toBe(conflict);
});

test('an app that declares no Dify app may claim any that is nobody else’s', async () => {
  gateway = await startGateway({ app: { id: 'default', name: 'Default' }, apps: APPS });

  expect((await eventOf(undefined, 'dify-new'))?.claim_conflict).toBeUndefined();
  expect((await eventOf(undefined, 'dify-hr'))?.claim_conflict).toBe(true);
});

test('an id stored with the app counts like a declared one', async () => {
  gateway = await startGateway({ app: { difyAppIds: ['dify-stored'] } });

  expect((await eventOf('dify-stored', undefined))?.claim_conflict).toBeUndefined();
  expect((await eventOf('other', undefined))?.claim_conflict).toBe(true);
});

test('a Dify app that was stored with another app is a conflict; the key pays', async () => {
  gateway = await startGateway({ difyApps: { 'dify-stored': 'sales-bot', 'dify-own': 'hr-bot' } });

  for (const [header, body] of [
    [undefined, 'dify-stored'],
    ['dify-stored', undefined],
  ] as const)
    expect(await eventOf(header, body)).toMatchObject({ app_id: 'hr-bot', claim_conflict: true });
  expect((await eventOf('dify-own', undefined))?.claim_conflict).toBeUndefined();
  expect((await eventOf('dify-nobody', undefined))?.claim_conflict).toBeUndefined();
});

test('whose a claim is is asked only where nothing else says it', async () => {
  const asked: string[] = [];
  const difyApps = new Proxy<Record<string, string>>({}, { get: (_, id) => void asked.push(String(id)) });
  gateway = await startGateway({ apps: APPS, difyApps });
  await eventOf('dify-hr', undefined);
  await eventOf(undefined, undefined);
  await eventOf('dify-sales', undefined);
  await gateway.close();
  gateway = await startGateway({ difyApps });
  await eventOf('dify-new', undefined);

  expect(asked).toEqual(['dify-new']);
});

test('whatever is claimed, every call is paid by the app of its key', async () => {
  gateway = await startGateway({ apps: APPS });
  const words = fc.option(
    fc.string({ unit: fc.constantFrom('a', '-', '_', '1', ' ', '<', 'é'), maxLength: 300 }),
    {
      nil: undefined,
    },
  );
  const header = words.map((text) => text?.replace(/[^a-z0-9_<-]/g, '') || undefined);
  await fc.assert(
    fc.asyncProperty(header, words, async (inHeader, inBody) => {
      const event = await eventOf(inHeader, inBody);
      expect(event?.app_id).toBe('hr-bot');
      for (const value of Object.values(event?.claims ?? {}))
        expect(value).toMatch(/^[A-Za-z0-9._:@-]{1,256}$/);
    }),
    { numRuns: 50 },
  );
  const perApp = new Map<string, number>();
  for (const { app_id, cost } of gateway.events)
    perApp.set(app_id, (perApp.get(app_id) ?? 0) + (cost.micros ?? 0));
  const total = gateway.events.reduce((sum, { cost }) => sum + (cost.micros ?? 0), 0);
  expect([...perApp]).toEqual([['hr-bot', total]]);
});
