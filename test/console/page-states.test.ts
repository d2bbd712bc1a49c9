import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { oidcIdentity } from '../../lib/console/identity/oidc.ts';
import { OidcSettings } from '../../lib/console/identity/settings.ts';
import { type LocalIssuer, openIssuer } from '../../lib/local-cloud/issuer/issuer.ts';
import { sampleRow } from '../contracts/sample-records.ts';
import { heldCase } from '../review/memory-desk.ts';
import { axeViolations, rowsPainted, watched, watchRows } from '../support/browser.ts';
import { describeInBrowser } from '../support/describe-in-browser.ts';
import { TOKENS } from './console-bench.ts';
import { governedCall, pageStage } from './page-stage.ts';

const AS_OF = '2026-11-23T12:00:00.000Z';
const HOURS = 60 * 60 * 1000;

interface State {
  readonly view?: string;
  readonly as?: keyof typeof TOKENS | 'nobody';
  /** What is done on the page until it looks so. */
  show(page: Page): Promise<unknown>;
}

const region = (page: Page, name: string | RegExp) => page.getByRole('region', { name }).waitFor();
const alert = (page: Page, text: string | RegExp) =>
  page.getByRole('alert').getByText(text).first().waitFor();

const STATES: Record<string, State> = {
  'the sign-in': { as: 'nobody', show: (page) => page.getByRole('button', { name: /account/ }).waitFor() },
  'a refused token': { as: 'gateway', show: (page) => alert(page, /gateway token/) },
  'the detail of an event': { view: 'events?request=r1', show: (page) => page.getByRole('dialog').waitFor() },
  'more filters': {
    view: 'events?reason=pii.found',
    show: (page) => page.getByLabel('Reason', { exact: true }).waitFor(),
  },
  'a new key': {
    view: 'apps',
    async show(page) {
      await page.getByLabel('Key name').fill('dify');
      await page.getByRole('button', { name: 'Create key' }).click();
      await region(page, /^The key dify/);
    },
  },
  'the result of a try': {
    view: 'policies',
    async show(page) {
      await page.getByRole('textbox', { name: 'Prompt' }).fill('Write to ada@example.com');
      await page.getByRole('button', { name: 'Try', exact: true }).click();
      await region(page, 'Result');
      await page.getByText('Settings').first().click();
    },
  },
  'a held answer with an edit': {
    view: 'reviews',
    as: 'reviewer',
    async show(page) {
      await page.getByRole('list', { name: 'Open reviews' }).getByRole('button').first().click();
      await page.getByLabel('Edited answer').fill('Take one\u200b a day.');
      await region(page, 'Changes');
    },
  },
  'a held answer that is not for viewers': {
    view: 'reviews',
    as: 'viewer',
    async show(page) {
      await page.getByRole('list', { name: 'Open reviews' }).getByRole('button').first().click();
      await alert(page, 'reviewers only');
    },
  },
  'keys that are not for viewers': { view: 'apps', as: 'viewer', show: (page) => alert(page, 'admins only') },
  'the first run': {
    async show(page) {
      await page.route('**/api/overview', async (route) => {
        const response = await route.fetch();
        const body = await response.json();
        await route.fulfill({ response, json: { ...body, requests: 0, hours: [] } });
      });
      await page.reload();
      await page.getByRole('heading', { name: 'Send the first call' }).waitFor();
    },
  },
  'a list without events': {
    view: 'events?verdict=flagged',
    show: (page) => page.getByText('Nothing matches').waitFor(),
  },
  'a list that cannot be read': {
    view: 'events',
    async show(page) {
      await page.route('**/api/events?*', (route) =>
        route.fulfill({
          status: 400,
          json: { error: { code: 'invalid_request', message: 'That is no time.' } },
        }),
      );
      await page.reload();
      await alert(page, 'That is no time.');
    },
  },
  'figures that are not up to date': {
    async show(page) {
      await page.getByRole('list', { name: 'Figures' }).waitFor();
      await page.route('**/api/overview', (route) => route.abort());
      await page.getByText('Not up to date').waitFor({ timeout: 15_000 });
    },
  },
};

describeInBrowser('the states of the console page', () => {
  let stage: Awaited<ReturnType<typeof pageStage>>;
  let issuer: LocalIssuer;
  let calls: LedgerEvent[];

  beforeAll(async () => {
    issuer = await openIssuer();
    const settings = OidcSettings.parse({ issuer: issuer.issuer, client_id: issuer.clientId });
    calls = [governedCall('r1', { claims: { dify_app_id: 'f2c1' }, claim_conflict: true })];
    stage = await pageStage({
      identity: oidcIdentity(settings),
      events: {
        list: async ({ verdict, limit }) => ({
          events: verdict ? [] : calls.slice(0, limit),
          complete: calls.length <= 50,
          ...(calls.length > 50 && { next: 'more' }),
          as_of: AS_OF,
        }),
        find: async () => [
          ...calls.slice(0, 1),
          governedCall('r1', { event_id: 'later', type: 'review.decided' }),
        ],
      },
      usage: { usage: async () => [sampleRow({ calls: 2 })] },
    });
    issuer.allow(stage.url);
  });
  beforeEach(() => {
    stage.cases.clear();
    stage.cases.set('c1', heldCase('c1'));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const context of stage.browser.contexts()) await context.close();
  });
  afterAll(async () => {
    await stage?.close();
    await issuer?.close();
  });

  async function open({ view = 'overview', as = 'admin' }: Pick<State, 'view' | 'as'>) {
    const page = await stage.browser.newPage({ viewport: { width: 360, height: 800 } });
    const complaints = watched(page, [stage.url, issuer.issuer]);
    if (as !== 'nobody')
      await page.addInitScript(`sessionStorage.setItem('keeptrusts.console-token', '${TOKENS[as]}')`);
    await page.goto(`${stage.url}/#/${view}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return { page, complaints };
  }

  test.each(Object.entries(STATES))(
    '%s: no axe violation in either theme, and it fits 360 px',
    async (_name, state) => {
      const { page } = await open(state);
      await state.show(page);

      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await axeViolations(page)).toEqual([]);
      }
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    },
  );

  test('a session that expires while the page is open ends at the sign-in, which says so', async () => {
    const { page, complaints } = await open({ view: 'events', as: 'nobody' });
    await page.getByRole('button', { name: 'Sign in with your account' }).click();
    await page.getByRole('link', { name: 'viewer@local', exact: true }).click();
    await page.getByRole('table').waitFor();

    const later = Date.now() + 9 * HOURS;
    jest.spyOn(Date, 'now').mockImplementation(() => later);

    await alert(page, /expired|Sign in again/);
    expect(await page.evaluate("sessionStorage.getItem('keeptrusts.console-token')")).toBe(null);
    expect(page.url()).toBe(`${stage.url}/#/events`);
    expect(complaints).toEqual([]);
  });

  test('Events paints its first rows soon with 100,000 behind them', async () => {
    const call = governedCall('r2');
    calls = Array.from({ length: 100_000 }, (_, n) => ({ ...call, event_id: `e${n}` }));
    const page = await stage.browser.newPage();
    await watchRows(page);
    await page.addInitScript(`sessionStorage.setItem('keeptrusts.console-token', '${TOKENS.viewer}')`);

    await page.goto(`${stage.url}/#/events`);

    expect(await rowsPainted(page)).toBeLessThan(5_000);
    expect(await page.getByRole('row').count()).toBe(51);
  });

  test('a queue that is cut says so', async () => {
    for (let n = 0; n < 101; n += 1) stage.cases.set(`more${n}`, heldCase(`more${n}`));
    const { page } = await open({ view: 'reviews', as: 'reviewer' });

    await page.getByText('more are waiting behind them').waitFor();
    expect(await page.getByRole('list', { name: 'Open reviews' }).getByRole('button').count()).toBe(100);
  });
});
