import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { LedgerEvent } from '#core/ledger/event.ts';
import type { ReviewCase } from '#core/review/case.ts';
import { heldCase } from '../review/memory-desk.ts';
import { axeViolations, watched } from '../support/browser.ts';
import { describeInBrowser } from '../support/describe-in-browser.ts';
import { TOKENS } from './console-bench.ts';
import { governedCall, pageStage } from './page-stage.ts';

const XSS = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>\u202Egnp.exe';
const AS_OF = '2026-11-23T12:00:00.000Z';

let stage: Awaited<ReturnType<typeof pageStage>>;
let calls: LedgerEvent[];

async function openPage(
  token?: string,
  width = 1100,
  view = 'events',
): Promise<{ page: Page; complaints: readonly string[] }> {
  const page = await stage.browser.newPage({ viewport: { width, height: 800 } });
  const complaints = watched(page, [stage.url]);
  if (token) await page.addInitScript(`sessionStorage.setItem('keeptrusts.console-token', '${token}')`);
  await page.goto(`${stage.url}/#/${view}`);
  return { page, complaints };
}

describeInBrowser('the console page', () => {
  beforeAll(async () => {
    stage = await pageStage({
      events: {
        list: async ({ verdict, cursor }) => {
          const events = calls.filter((event) => !verdict || event.verdict === verdict);
          return cursor
            ? { events: [governedCall('older')], complete: true, as_of: AS_OF }
            : { events, next: 'more', complete: false, as_of: AS_OF };
        },
        find: async (id) => calls.filter((event) => event.request_id === id),
      },
    });
  });
  afterEach(async () => {
    for (const context of stage.browser.contexts()) await context.close();
  });
  afterAll(() => stage.close());
  beforeAll(() => {
    calls = [governedCall('r2', { verdict: 'blocked', attempts: [] }), governedCall('r1')];
  });

  test('signs in with a pasted token', async () => {
    const { page, complaints } = await openPage();

    await page.getByLabel('Console token').fill(TOKENS.viewer);
    await page.getByRole('button', { name: 'Sign in' }).click();

    await page.getByRole('table').waitFor();
    expect(await page.getByRole('row').count()).toBe(3);
    expect(complaints).toEqual([]);
  });

  test('says why a token does not open it', async () => {
    const { page } = await openPage();

    await page.getByLabel('Console token').fill('kt_live_abc');
    await page.getByRole('button', { name: 'Sign in' }).click();

    expect(await page.getByRole('alert').textContent()).toContain('app key');
  });

  test('shows a new call without a reload', async () => {
    const { page } = await openPage(TOKENS.viewer);
    await page.getByRole('table').waitFor();

    calls = [governedCall('r3', { model_used: 'brand-new-model' }), ...calls];

    await page.getByText('brand-new-model').waitFor({ timeout: 5_000 });
    expect(await page.getByRole('row').nth(1).textContent()).toContain('brand-new-model');
  });

  test('keeps the filter in the address', async () => {
    const { page } = await openPage(TOKENS.viewer);

    await page.getByLabel('Verdict').selectOption('blocked');

    await page.waitForURL(/verdict=blocked/);
    await page.getByRole('button', { name: 'Details of r1' }).waitFor({ state: 'detached' });
    expect(new URL(page.url()).hash).toBe('#/events?verdict=blocked');
  });

  test('asks for a time of the reader, and begins a day before an end without a beginning', async () => {
    const { page } = await openPage(TOKENS.viewer);
    await page.getByRole('table').waitFor();
    const asked = page.waitForRequest(/api\/events\?.*from=.*to=/);

    await page.getByLabel('To', { exact: true }).fill('2026-11-20T18:30');

    const query = new URL((await asked).url()).searchParams;
    const to = await page.evaluate<string>("new Date('2026-11-20T18:30').toISOString()");
    expect(query.get('to')).toBe(to);
    expect(Date.parse(to) - Date.parse(query.get('from') ?? '')).toBe(24 * 60 * 60 * 1000);
    expect(await page.getByLabel('From', { exact: true }).inputValue()).toBe('2026-11-19T18:30');
    await page.waitForURL(/from=.*to=/);
  });

  test('opens the rare filters when the address has one', async () => {
    const { page } = await openPage(TOKENS.viewer, 1100, 'events?reason=pii.found');

    expect(await page.getByLabel('Reason', { exact: true }).inputValue()).toBe('pii.found');
    expect(await page.getByLabel('Reason', { exact: true }).isVisible()).toBe(true);
  });

  test('loads older events below the live ones', async () => {
    const { page } = await openPage(TOKENS.viewer);

    await page.getByRole('button', { name: 'Load older' }).click();

    await page.getByRole('button', { name: 'Details of older' }).waitFor();
    expect(await page.getByRole('button', { name: 'Load older' }).count()).toBe(0);
  });

  test('explains a call by its chain of policies', async () => {
    const { page } = await openPage(TOKENS.viewer);

    await page.getByRole('button', { name: 'Details of r1' }).click();

    const steps = page.getByRole('list', { name: 'Policy chain' }).locator('> li');
    expect(await steps.count()).toBe(4);
    expect(await steps.nth(1).textContent()).toContain('pii.email ×2');
    expect(await page.getByRole('dialog').textContent()).toContain('$0.000058');
  });

  test('renders hostile names as text', async () => {
    calls = [governedCall('evil', { model_requested: XSS, model_used: XSS, app_id: XSS }), ...calls];
    const { page, complaints } = await openPage(TOKENS.viewer);

    await page.getByRole('button', { name: 'Details of evil' }).click();

    expect(await page.getByRole('dialog').textContent()).toContain('<img src=x');
    expect(await page.locator('img, #page script').count()).toBe(0);
    expect(await page.evaluate("'hacked' in window")).toBe(false);
    expect(await page.getByRole('dialog').getByText('U+202E').count()).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });

  test('lets a reviewer serve an edited answer', async () => {
    stage.cases.set('c5', heldCase('c5', { answer: 'Take two\u200b a day.' }));
    const { page } = await openPage(TOKENS.reviewer);
    await page.getByRole('link', { name: 'Reviews' }).click();
    await page.getByRole('list', { name: 'Open reviews' }).getByRole('button').last().click();
    await page.getByText('1 hidden').waitFor();

    await page.getByLabel(/Reason/).fill('the dose is wrong');
    await page.getByLabel('Edited answer').fill('Ask your doctor.');
    await page.getByRole('button', { name: 'Serve edited' }).click();

    await page.getByRole('article').waitFor({ state: 'detached' });
    expect(stage.cases.get('c5')?.decision).toMatchObject({
      state: 'edited',
      by: 'rae',
      text: 'Ask your doctor.',
    });
  });

  async function openReview(id: string, over: Partial<ReviewCase> = {}) {
    stage.cases.clear();
    stage.cases.set(id, heldCase(id, over));
    const { page, complaints } = await openPage(TOKENS.reviewer);
    await page.getByRole('link', { name: 'Reviews' }).click();
    await page.getByRole('list', { name: 'Open reviews' }).getByRole('button').click();
    await page.getByLabel(/Reason/).waitFor();
    return { page, complaints };
  }

  test('claims a held answer and gives it back', async () => {
    const { page } = await openReview('c6');

    await page.keyboard.press('c');
    await page.getByText('Claimed by you until').waitFor();
    expect(stage.cases.get('c6')?.claim?.by).toBe('rae');
    expect(await page.getByRole('list', { name: 'Open reviews' }).textContent()).toContain('claimed by rae');

    await page.getByRole('button', { name: 'Give back' }).click();
    await page.getByText('Nobody works on this').waitFor();
    expect(stage.cases.get('c6')).not.toHaveProperty('claim');
  });

  test('offers no decision on what somebody else has claimed', async () => {
    const { page } = await openReview('c7');

    const claim = { by: 'rob', at: AS_OF, until: '2026-11-23T12:15:00.000Z' };
    stage.cases.set('c7', heldCase('c7', { state: 'claimed', claim }));

    await page.getByText('Claimed by rob').first().waitFor({ timeout: 5_000 });
    await page.getByRole('button', { name: 'Approve' }).waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: 'Give back' }).count()).toBe(0);
  });

  test.each([
    ['a', 'approved'],
    ['r', 'rejected'],
  ])('the key %s decides: %s, once there is a reason, and never while typing', async (key, state) => {
    const { page, complaints } = await openReview('c8');

    await page.keyboard.press(key);
    await page.keyboard.type('car');
    expect(await page.getByLabel(/Reason/).inputValue()).toBe('car');
    expect(stage.cases.get('c8')?.decision).toBe(undefined);
    await page.keyboard.press('Escape');
    await page.keyboard.press(key);

    await page.getByRole('article').waitFor({ state: 'detached' });
    expect(stage.cases.get('c8')?.decision).toMatchObject({ state, by: 'rae', reason: 'car' });
    expect(complaints).toEqual([]);
  });

  test.each([
    ['Approve', 'approved'],
    ['Reject', 'rejected'],
  ])('the button %s decides, too', async (name, state) => {
    const { page } = await openReview('c9');

    expect(await page.getByRole('button', { name, exact: true }).isDisabled()).toBe(true);
    await page.getByLabel(/Reason/).fill('read it');
    await page.getByRole('button', { name, exact: true }).click();

    await page.getByRole('article').waitFor({ state: 'detached' });
    expect(stage.cases.get('c9')?.decision).toMatchObject({ state, by: 'rae' });
  });

  test('one person of two proposes a text; the other one sees who did what and approves that text', async () => {
    const { page, complaints } = await openReview('c11', { approvalsNeeded: 2 });
    expect(await page.getByRole('article').textContent()).toContain('0 of 2 approvals');
    await page.getByLabel(/Reason/).fill('the dose is wrong');
    await page.getByLabel('Edited answer').fill('Take one a day.');
    await page.getByRole('button', { name: 'Propose edited' }).click();
    await page.getByRole('article').waitFor({ state: 'detached' });

    await page.getByRole('list', { name: 'Open reviews' }).getByRole('button').click();
    await page.getByText('You approved this text').waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);

    const { page: others } = await openPage(TOKENS.other);
    await others.getByRole('link', { name: 'Reviews' }).click();
    const queue = others.getByRole('list', { name: 'Open reviews' }).getByRole('button');
    expect(await queue.textContent()).toContain('1 of 2 approvals');
    await queue.click();
    await others.getByText('rae proposed the text at').waitFor();
    expect(await others.getByRole('region', { name: 'Changes' }).locator('ins').allTextContents()).toEqual([
      'one',
    ]);
    expect(await axeViolations(others)).toEqual([]);
    await others.getByLabel(/Reason/).fill('agreed');
    await others.getByRole('button', { name: 'Approve', exact: true }).click();

    await others.getByRole('article').waitFor({ state: 'detached' });
    expect(stage.cases.get('c11')?.decision).toMatchObject({
      state: 'edited',
      by: 'rob',
      text: 'Take one a day.',
    });
    expect(complaints).toEqual([]);
  });

  test('a held request says so, and cannot be edited', async () => {
    const { page } = await openReview('c12', { phase: 'input' });

    expect(await page.getByRole('list', { name: 'Open reviews' }).textContent()).toContain('request');
    const card = page.getByRole('article', { name: 'Held request' });
    expect(await card.textContent()).toContain('No provider has seen it');
    expect(await card.getByRole('textbox').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Serve edited' }).count()).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
    await page.getByLabel(/Reason/).fill('read it');
    await page.getByRole('button', { name: 'Approve', exact: true }).click();

    await page.getByRole('article').waitFor({ state: 'detached' });
    expect(stage.cases.get('c12')?.state).toBe('approved');
  });

  test('an edit shows which words go and which come, as text', async () => {
    const { page } = await openReview('c10');

    await page.keyboard.press('e');
    await page.getByLabel('Edited answer').fill(`Take one a day. ${XSS}`);

    const changes = page.getByRole('region', { name: 'Changes' });
    expect(await changes.locator('del').allTextContents()).toEqual(['two']);
    expect((await changes.locator('ins').allTextContents())[0]).toBe('one');
    expect(await page.locator('img, #page script').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);
  });

  test('shows what a caller claimed and that it was not so', async () => {
    const claims = { dify_app_id: XSS };
    calls = [governedCall('claimer', { claims, claim_conflict: true }), ...calls];
    const { page } = await openPage(TOKENS.viewer);

    await page.getByRole('button', { name: 'Details of claimer' }).click();

    const drawer = page.getByRole('dialog');
    expect(await drawer.textContent()).toContain('dify_app_id = <img src=x');
    expect(await drawer.getByText('claim conflict').count()).toBe(1);
    expect(await page.locator('img, #page script').count()).toBe(0);
  });

  test('tells a viewer that held answers are for reviewers', async () => {
    const { page } = await openPage(TOKENS.viewer);
    await page.getByRole('link', { name: 'Reviews' }).click();

    await page.getByRole('list', { name: 'Open reviews' }).getByRole('button').first().click();

    expect(await page.getByRole('alert').textContent()).toContain('reviewers only');
  });

  test('fits a narrow phone', async () => {
    calls = [
      governedCall('long', { app_id: 'claims-assistant-with-a-long-name', verdict: 'escalated' }),
      governedCall('unpriced', { cost: { micros: null, price_table: 'test' } }),
      governedCall('coded', { error_code: 'prompt_injection.detected' }),
    ];
    const { page } = await openPage(TOKENS.viewer, 360);
    await page.getByRole('table').waitFor();

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });
});
