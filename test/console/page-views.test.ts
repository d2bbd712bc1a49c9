import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { axeViolations, savedBy } from '../support/browser.ts';
import { describeInBrowser } from '../support/describe-in-browser.ts';
import { TOKENS } from './console-bench.ts';
import { governedCall, pageStage } from './page-stage.ts';

const AS_OF = '2026-11-23T12:00:00.000Z';
const VIEWS = ['overview', 'events', 'reviews', 'spend', 'apps', 'policies'];
const MAX_GZIP = 120_000;

let stage: Awaited<ReturnType<typeof pageStage>>;
let calls: LedgerEvent[];

async function open(view: string, { token = TOKENS.admin, width = 1100 } = {}): Promise<Page> {
  const page = await stage.browser.newPage({
    viewport: { width, height: 800 },
    acceptDownloads: true,
  });
  await page.addInitScript(`sessionStorage.setItem('keeptrusts.console-token', '${token}')`);
  await page.goto(`${stage.url}/#/${view}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

describeInBrowser('the views of the console page', () => {
  beforeAll(async () => {
    calls = [governedCall('r2', { verdict: 'blocked', model_used: '=cmd()' }), governedCall('r1')];
    stage = await pageStage({
      events: {
        list: async ({ cursor }) =>
          cursor
            ? { events: [governedCall('older')], complete: true, as_of: AS_OF }
            : { events: calls, next: 'more', complete: false, as_of: AS_OF },
        find: async (id) => calls.filter((event) => event.request_id === id),
      },
    });
  });
  beforeAll(() => {
    const name = 'Everything that has no app of its own';
    stage.apps.set('default', { id: 'default', name, owner: 'platform-team', costCenter: 'ai-platform' });
  });
  afterEach(async () => {
    for (const context of stage.browser.contexts()) await context.close();
  });
  afterAll(() => stage.close());

  test.each(VIEWS)('%s has no axe violation in either theme and fits 360 px', async (view) => {
    const page = await open(view, { width: 360 });
    await page.getByRole('status').filter({ hasText: 'Loading' }).first().waitFor({ state: 'detached' });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeViolations(page)).toEqual([]);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });

  test('the overview shows what was called, blocked and spent', async () => {
    const page = await open('overview');

    const figures = page.getByRole('list', { name: 'Figures' });

    expect(await figures.textContent()).toMatch(/Requests3.*Blocked33 %.*Spend\$0\.000010/);
    expect(await page.getByRole('img', { name: /Requests per day/ }).count()).toBe(1);
  });

  test('a link to one call opens it', async () => {
    const page = await open('events?request=r1');

    expect(await page.getByRole('dialog').textContent()).toContain('pii-detector');
    await page.getByRole('button', { name: 'Close' }).click();

    await page.waitForURL(/#\/events$/);
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('all pages of the events are saved as JSON lines and as CSV without formulas', async () => {
    const page = await open('events');

    const jsonl = (await savedBy(page, 'Save JSONL')).trimEnd().split('\n');
    const csv = (await savedBy(page, 'Save CSV')).trimEnd().split('\r\n');

    expect(jsonl.map((line) => JSON.parse(line).request_id)).toEqual(['r2', 'r1', 'older']);
    expect(csv).toHaveLength(4);
    expect(csv[1]).toContain(",'=cmd(),");
  });

  test('the spend is summed by app, model and day, and saved as CSV', async () => {
    const page = await open('spend');

    expect(await page.getByRole('row', { name: /support/ }).textContent()).toContain('$0.000010');
    await page.getByRole('button', { name: 'Day', exact: true }).click();
    expect(await page.getByRole('row').nth(1).textContent()).toContain('2026-11-23');

    expect((await savedBy(page, 'Download CSV')).split('\r\n')[1]).toBe(
      'support,2026-11-22,m,2,1,10,5,0.000007,0',
    );
    expect((await savedBy(page, 'Download FOCUS')).split(',')[0]).toBe('BilledCost');
  });

  test('an admin adds an app, makes a key that is shown once, and revokes it', async () => {
    const page = await open('apps');
    await page.getByLabel('App id').fill('claims');
    await page.getByRole('button', { name: 'Add app' }).click();
    await page.getByRole('option', { name: 'claims' }).waitFor({ state: 'attached' });

    await page.getByLabel('Key for app').selectOption('claims');
    await page.getByLabel('Key name').fill('dify');
    await page.getByRole('button', { name: 'Create key' }).click();
    const shown = await page.getByText(/^kt_live_\w{20,}$/).textContent();
    await page.getByRole('button', { name: 'I have copied it' }).click();

    expect(shown).not.toBe(null);
    expect(await page.content()).not.toContain(shown);
    await page.getByRole('button', { name: 'Revoke dify' }).click();
    await page.getByRole('button', { name: 'Really revoke? dify' }).click();
    await page.getByRole('list', { name: 'Keys' }).getByText('revoked', { exact: true }).waitFor();
    expect([...stage.keys.values()].map(({ appId, revokedAt }) => [appId, revokedAt])).toEqual([
      ['claims', AS_OF],
    ]);
  });

  test('an admin changes an app, hears that another one did meanwhile, loads it again and keeps what was typed', async () => {
    stage.apps.set('travel', { id: 'travel', name: 'Travel desk', owner: 'ann' });
    const page = await open('apps');
    await page.getByRole('button', { name: 'Change travel' }).click();
    const form = page.getByRole('form', { name: 'Change travel' });
    await form.getByLabel('Budget a day').fill('2.50');
    await form.getByLabel('Owner').fill('bob');
    stage.apps.set('travel', { id: 'travel', name: 'Travel desk', owner: 'eve', costCenter: 'sales' });

    await form.getByRole('button', { name: 'Save' }).click();
    expect(await form.getByRole('alert').textContent()).toContain('was changed since you saw it');
    expect(stage.apps.get('travel')).toMatchObject({ owner: 'eve', costCenter: 'sales' });

    await form.getByRole('button', { name: 'Load again' }).click();
    await form.getByText('is now: eve').waitFor();
    expect(await form.getByLabel('Owner').inputValue()).toBe('bob');
    expect(await form.getByLabel('Cost center').inputValue()).toBe('sales');
    expect(await axeViolations(page)).toEqual([]);
    await form.getByRole('button', { name: 'Save' }).click();
    await form.waitFor({ state: 'detached' });

    expect(stage.apps.get('travel')).toMatchObject({
      owner: 'bob',
      costCenter: 'sales',
      budget: { dailyMicros: 2_500_000 },
    });
    stage.apps.delete('travel');
  });

  test('a viewer is told that keys are for admins', async () => {
    const page = await open('apps', { token: TOKENS.viewer });

    expect(await page.getByRole('alert').textContent()).toContain('admins only');
    expect(await page.getByRole('button', { name: 'Add app' }).count()).toBe(0);
  });

  test('a prompt is tried, and what the chain did is drawn', async () => {
    const page = await open('policies');

    await page.getByRole('textbox', { name: 'Prompt' }).fill('Write to ada@example.com');
    await page.getByRole('button', { name: 'Try', exact: true }).click();

    const result = page.getByRole('region', { name: 'Result' });
    await result.waitFor();
    expect(await result.getByRole('list', { name: 'Policy chain' }).locator('> li').count()).toBeGreaterThan(
      1,
    );
    expect(await result.textContent()).not.toContain('ada@example.com');
  });

  test('the theme is chosen by hand and kept', async () => {
    const page = await open('overview');
    await page.getByRole('button', { name: 'Theme: auto' }).click();

    await page.reload();

    await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
    expect(await page.evaluate('getComputedStyle(document.body).colorScheme')).toBe('dark');
  });

  test('the page is small', async () => {
    const files = await Promise.all(
      ['/app.js', '/app.css'].map(async (path) => (await fetch(`${stage.url}${path}`)).text()),
    );
    expect(files.reduce((sum, text) => sum + gzipSync(text).length, 0)).toBeLessThan(MAX_GZIP);
  });
});
