import { beforeEach, describe, expect, test } from '@jest/globals';
import { tokenId } from '#core/auth/app-key.ts';
import type { KeyAct } from '#core/ledger/plain-facts.ts';
import type { App, AppKey, ConsoleToken, KeyAdmin, KeyRing } from '#core/ports.ts';
import { sha256Hex } from '#core/text/hash.ts';

export interface KeyRingBench {
  readonly admin: KeyAdmin;
  /** A ring that has not looked anything up yet. */
  ring(): KeyRing;
  /** What `admin` has kept for the ledger. */
  acts(): Promise<readonly unknown[]>;
  /** Writes to the same place, and can keep no act. */
  readonly withoutRecord: KeyAdmin;
}

const app: App = {
  id: 'support',
  name: 'Support bot',
  costCenter: 'cc-1',
  models: ['gpt-4o-mini'],
  onBlock: 'error',
};
const key: AppKey = {
  id: 'key_1',
  appId: 'support',
  prefix: 'kt_live_3k9x',
  name: 'Dify',
  createdAt: '2026-11-23T09:00:00.000Z',
  expiresAt: '2027-11-23T09:00:00.000Z',
  routes: ['/v1/chat/completions'],
};
const hash = sha256Hex('kt_live_one');

const next: AppKey = { ...key, id: 'key_2', createdAt: '2026-11-24T09:00:00.000Z' };
const act: KeyAct = {
  at: '2026-11-24T09:00:00.000Z',
  type: 'key.rotated',
  requestId: 'key_2',
  appId: 'support',
  keyId: 'key_2',
  auth: 'system',
  route: 'kt keys rotate',
  reviewer: 'ann',
  detail: 'replaces key_1',
};
const token: ConsoleToken = {
  subject: 'reviewer@local',
  role: 'reviewer',
  apps: ['support', 'sales'],
  createdAt: '2026-11-23T09:00:00.000Z',
  prefix: 'ktc_3k9x',
  expiresAt: '2027-01-01T00:00:00.000Z',
};
const LATER = '2026-11-25T09:00:00.000Z';

/** Every change there is, as a function of the act that goes with it. */
const CHANGES: [string, (admin: KeyAdmin, act: KeyAct) => Promise<unknown>][] = [
  ['putApp', (admin, its) => admin.putApp({ ...app, name: 'Another name' }, its)],
  ['putKey', (admin, its) => admin.putKey(sha256Hex('kt_live_two'), next, its)],
  [
    'rotateKey',
    (admin, its) => admin.rotateKey({ id: 'key_1', until: LATER }, sha256Hex('kt_live_two'), next, its),
  ],
  ['revokeKey', (admin, its) => admin.revokeKey('key_1', LATER, its)],
  ['expireKey', (admin, its) => admin.expireKey('key_1', LATER, its)],
  ['revokeToken', (admin, its) => admin.revokeToken(tokenId(sha256Hex('ktc_here')), LATER, its)],
  ['putToken', (admin, its) => admin.putToken(sha256Hex('ktc_one'), { subject: 'ann', role: 'viewer' }, its)],
];

/** What every KeyRing with its KeyAdmin promises. `make` gives empty ones. */
export function keyRingContract(name: string, make: () => Promise<KeyRingBench>): void {
  describe(`key ring: ${name}`, () => {
    let bench: KeyRingBench;
    beforeEach(async () => {
      bench = await make();
    });

    test('a key is found by its hash, with its app and every field', async () => {
      await bench.admin.putApp(app);
      await bench.admin.putKey(hash, key);

      expect(await bench.ring().findKey(hash)).toEqual({ key, app });
    });

    test('an unknown hash is found by neither look-up', async () => {
      await bench.admin.putApp(app);
      await bench.admin.putKey(hash, key);

      expect(await bench.ring().findKey(sha256Hex('kt_live_two'))).toBeUndefined();
      expect(await bench.ring().findToken(hash)).toBeUndefined();
    });

    test('a key whose app does not exist is not found', async () => {
      await bench.admin.putKey(hash, key);

      expect(await bench.ring().findKey(hash)).toBeUndefined();
    });

    test.each(['', 'support', '__proto__', '#META', 'a'.repeat(10_000)])(
      'a text that is no hash finds nothing (%#)',
      async (text) => {
        expect(await bench.ring().findKey(text)).toBeUndefined();
        expect(await bench.ring().findToken(text)).toBeUndefined();
      },
    );

    test('a revoked key carries the moment of its first revocation', async () => {
      await bench.admin.putApp(app);
      await bench.admin.putKey(hash, key);

      expect(await bench.admin.revokeKey('key_1', '2026-11-23T10:00:00.000Z')).toBe(true);
      expect(await bench.admin.revokeKey('key_1', '2026-11-23T11:00:00.000Z')).toBe(true);

      const found = await bench.ring().findKey(hash);
      expect(found?.key).toEqual({ ...key, revokedAt: '2026-11-23T10:00:00.000Z' });
    });

    test('a key can be told to end at another time', async () => {
      await bench.admin.putApp(app);
      await bench.admin.putKey(hash, key);

      expect(await bench.admin.expireKey('key_1', '2026-12-01T00:00:00.000Z')).toBe(true);
      expect(await bench.admin.expireKey('key_none', '2026-12-01T00:00:00.000Z', act)).toBe(false);
      expect(await bench.acts()).toEqual([]);

      expect((await bench.ring().findKey(hash))?.key).toEqual({
        ...key,
        expiresAt: '2026-12-01T00:00:00.000Z',
      });
    });

    test('a successor and the end of the key it replaces are there together', async () => {
      await bench.admin.putApp(app);
      await bench.admin.putKey(hash, key);
      const second = sha256Hex('kt_live_two');

      expect(await bench.admin.rotateKey({ id: 'key_1', until: LATER }, second, next)).toBe(true);

      const ring = bench.ring();
      expect((await ring.findKey(hash))?.key).toEqual({ ...key, expiresAt: LATER });
      expect((await ring.findKey(second))?.key).toEqual(next);
    });

    test('a revoked key and an unknown one get no successor', async () => {
      await bench.admin.putApp(app);
      await bench.admin.putKey(hash, key);
      await bench.admin.revokeKey('key_1', '2026-11-23T10:00:00.000Z');
      const second = sha256Hex('kt_live_two');

      expect(await bench.admin.rotateKey({ id: 'key_1', until: LATER }, second, next, act)).toBe(false);
      expect(await bench.admin.rotateKey({ id: 'key_9', until: LATER }, second, next, act)).toBe(false);

      expect(await bench.admin.listKeys()).toEqual([{ ...key, revokedAt: '2026-11-23T10:00:00.000Z' }]);
      expect(await bench.acts()).toEqual([]);
    });

    test.each(CHANGES)('%s keeps what the ledger says about it, once', async (_name, change) => {
      await bench.admin.putApp(app);
      await bench.admin.putKey(hash, key);
      await bench.admin.putToken(sha256Hex('ktc_here'), token);

      await change(bench.admin, act);

      expect(await bench.acts()).toEqual([act]);
    });

    test.each(CHANGES)('%s changes nothing when its act cannot be kept', async (_name, change) => {
      await bench.admin.putApp(app);
      await bench.admin.putKey(hash, key);
      await bench.admin.putToken(sha256Hex('ktc_here'), token);

      await expect(change(bench.withoutRecord, act)).rejects.toThrow();

      expect(await bench.admin.listApps()).toEqual([app]);
      expect(await bench.admin.listKeys()).toEqual([key]);
      expect(await bench.admin.listTokens()).toEqual([{ ...token, id: tokenId(sha256Hex('ktc_here')) }]);
    });

    test('a Dify app is of the app it was stored with last, as long as that app keeps it', async () => {
      await bench.admin.putApp({ ...app, difyAppIds: ['dify-1', 'dify-2', 'dify-1'] });
      await bench.admin.putApp({ id: 'sales', name: 'Sales' });

      expect(await bench.ring().appOfDify('dify-1')).toBe('support');
      expect(await bench.ring().appOfDify('dify-2')).toBe('support');
      expect(await bench.ring().appOfDify('dify-3')).toBeUndefined();

      await bench.admin.putApp({ ...app, difyAppIds: ['dify-2'] });
      await bench.admin.putApp({ id: 'sales', name: 'Sales', difyAppIds: ['dify-1'] });
      expect(await bench.ring().appOfDify('dify-1')).toBe('sales');

      await bench.admin.putApp({ id: 'sales', name: 'Sales' });
      expect(await bench.ring().appOfDify('dify-1')).toBeUndefined();
    });

    test.each(['', 'x'.repeat(3000), 'a\r\nb', '__proto__'])('%j is no Dify app of anybody', async (id) => {
      await bench.admin.putApp(app);

      expect(await bench.ring().appOfDify(id)).toBeUndefined();
    });

    test('an app may have more Dify apps than one transaction has room for', async () => {
      const difyAppIds = Array.from({ length: 250 }, (_, i) => `dify-${i}`);
      await bench.admin.putApp({ ...app, difyAppIds });

      expect(await bench.ring().appOfDify('dify-249')).toBe('support');
    });

    test('budgets and limits of apps and keys are kept whole', async () => {
      const budget = {
        dailyMicros: 1,
        monthlyMicros: 2,
        warnAt: [50],
        onExceed: 'downgrade:small',
        unknownPrice: 'pass',
        maxTokens: 9,
      } as const;
      const limits = { requestsPerMinute: 1, tokensPerMinute: 2, concurrent: 3 };
      await bench.admin.putApp({ ...app, budget: { ...budget, warnAt: [50] }, limits });
      await bench.admin.putKey(hash, { ...key, budget: { ...budget, warnAt: [50] }, limits });

      const found = await bench.ring().findKey(hash);
      expect([found?.app.budget, found?.key.budget]).toEqual([budget, budget]);
      expect([found?.app.limits, found?.key.limits]).toEqual([limits, limits]);
    });

    const budget = {
      monthlyMicros: 2,
      warnAt: [50, 80],
      onExceed: 'block',
      unknownPrice: 'pass',
      maxTokens: 9,
    } as const;
    const whole: App = {
      ...app,
      owner: 'ann',
      difyAppIds: ['d1'],
      budget: { ...budget, warnAt: [50, 80] },
      limits: { concurrent: 3 },
    };

    test('an app is changed over the state it was seen in', async () => {
      expect(await bench.admin.putApp(whole, undefined, null)).toBe(true);
      const [seen] = await bench.admin.listApps();

      expect(await bench.admin.putApp({ ...whole, name: 'New' }, act, seen)).toBe(true);

      expect(await bench.admin.listApps()).toEqual([{ ...whole, name: 'New' }]);
      expect(await bench.acts()).toEqual([act]);
    });

    test.each<[string, App | null]>([
      ['none', null],
      ['another name', { ...whole, name: 'Old' }],
      ['a field that is gone', { ...whole, onBlock: 'refusal' }],
      ['a field less', (({ owner: _, ...rest }) => rest)(whole)],
      ['another list', { ...whole, models: ['gpt-4o-mini', 'gpt-4o'] }],
      ['another budget', { ...whole, budget: { ...budget, warnAt: [50], monthlyMicros: 3 } }],
      ['other limits', { ...whole, limits: { concurrent: 3, requestsPerMinute: 1 } }],
    ])('an app that was seen with %s is left alone, without an act', async (_what, seen) => {
      await bench.admin.putApp(whole);

      expect(await bench.admin.putApp({ ...whole, name: 'New' }, act, seen)).toBe(false);

      expect(await bench.admin.listApps()).toEqual([whole]);
      expect(await bench.acts()).toEqual([]);
    });

    test('of two who change an app at once one wins, and the other hears of it', async () => {
      await bench.admin.putApp(whole);

      const won = await Promise.all(
        ['A', 'B'].map((name) => bench.admin.putApp({ ...whole, name }, { ...act, requestId: name }, whole)),
      );

      expect([...won].sort()).toEqual([false, true]);
      expect(await bench.acts()).toHaveLength(1);
    });

    test('an app that is gone cannot be changed over what was seen', async () => {
      expect(await bench.admin.putApp(whole, act, whole)).toBe(false);
      expect(await bench.admin.listApps()).toEqual([]);
    });

    test('revoking an unknown key says so', async () => {
      expect(await bench.admin.revokeKey('key_none', '2026-11-23T10:00:00.000Z')).toBe(false);
    });

    test('a console token is found with its role', async () => {
      await bench.admin.putToken(hash, token);

      expect(await bench.ring().findToken(hash)).toEqual(token);
      expect(await bench.ring().findKey(hash)).toBeUndefined();
    });

    test('tokens are listed with an id that says nothing of the token', async () => {
      await bench.admin.putToken(sha256Hex('ktc_one'), token);
      await bench.admin.putToken(sha256Hex('ktg_two'), { subject: 'office', role: 'gateway' });

      const listed = await bench.admin.listTokens();

      expect(listed.sort((a, b) => (a.role < b.role ? -1 : 1))).toEqual([
        { subject: 'office', role: 'gateway', id: tokenId(sha256Hex('ktg_two')) },
        { ...token, id: tokenId(sha256Hex('ktc_one')) },
      ]);
      expect(tokenId(sha256Hex('ktc_one'))).toMatch(/^token_[0-9a-f]{16}$/);
    });

    test('a revoked token carries the moment of its first revocation, the others stay', async () => {
      const [one, two] = [sha256Hex('ktc_one'), sha256Hex('ktc_two')];
      await bench.admin.putToken(one, token);
      await bench.admin.putToken(two, token);

      expect(await bench.admin.revokeToken(tokenId(one), LATER)).toBe(true);
      expect(await bench.admin.revokeToken(tokenId(one), '2027-01-01T00:00:00.000Z')).toBe(true);
      expect(await bench.admin.revokeToken('token_0000000000000000', LATER, act)).toBe(false);

      expect(await bench.ring().findToken(one)).toEqual({ ...token, revokedAt: LATER });
      expect(await bench.ring().findToken(two)).toEqual(token);
      expect(await bench.acts()).toEqual([]);
    });

    test('lists hold every app and key once, the newest version of each', async () => {
      const other = { ...key, id: 'key_2', appId: 'sales' };
      await bench.admin.putApp({ ...app, name: 'Old name' });
      await bench.admin.putApp(app);
      await bench.admin.putApp({ id: 'sales', name: 'Sales' });
      await bench.admin.putKey(hash, key);
      await bench.admin.putKey(sha256Hex('kt_live_two'), other);

      const apps = await bench.admin.listApps();
      const keys = await bench.admin.listKeys();

      expect(apps.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([{ id: 'sales', name: 'Sales' }, app]);
      expect(keys.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([key, other]);
    });
  });
}
