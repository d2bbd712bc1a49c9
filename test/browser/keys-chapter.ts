import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../support/stack.ts';
import type { LiveStage } from './live-stage.ts';

/** How long a gateway may trust what it knows of a key. */
const REVOKED_WITHIN_MS = 61_000;

/** The tests it returns look at what takes a while: other chapters can pass the time. */
export function keysChapter(stage: () => LiveStage): () => void {
  let first = '';
  let second = '';

  const refused = (key: string): Promise<true | undefined> =>
    stage()
      .ask('Hello?', key)
      .then(
        () => undefined,
        (error: { status?: number }) => error.status === 401 || undefined,
      );

  describe('an app key made in the page', () => {
    async function shownKey(page: Page): Promise<string> {
      const shown = (await page.getByText(/^kt_live_\w{20,}$/).textContent()) ?? '';
      expect((await page.getByRole('definition').nth(2).textContent()) ?? '').toContain(
        stage().local.gatewayUrl,
      );
      await page.getByRole('button', { name: 'I have copied it' }).click();
      expect(await page.content()).not.toContain(shown);
      return shown;
    }

    test('is shown once with the address to call, and opens the gateway for its app', async () => {
      const { page, complaints } = await stage().open('apps', { as: 'admin' });
      await page.getByLabel('App id').fill('claims');
      await page.getByLabel('App name').fill('Claims assistant');
      await page.getByRole('button', { name: 'Add app' }).click();
      await page.getByRole('option', { name: 'claims' }).waitFor({ state: 'attached' });

      await page.getByLabel('Key for app').selectOption('claims');
      await page.getByLabel('Key name').fill('dify');
      await page.getByRole('button', { name: 'Create key' }).click();
      first = await shownKey(page);

      const id = await stage().ask('Hello?', first);
      const events = await stage().open(`events?app=claims`, { as: 'viewer' });
      await events.page.getByRole('button', { name: `Details of ${id}` }).waitFor({ timeout: 10_000 });
      expect(complaints).toEqual([]);
    });

    test('tells when it was last used', async () => {
      const { page } = await stage().open('apps', { as: 'admin' });

      const used = page.getByRole('listitem').filter({ hasText: first.slice(0, 12) });
      await used.getByText(new RegExp(`last used ${new Date().toISOString().slice(0, 10)}`)).waitFor({
        timeout: 15_000,
      });
    });

    test('is replaced by another one, which works at once', async () => {
      const { page } = await stage().open('apps', { as: 'admin' });

      await page.getByRole('button', { name: 'Rotate dify' }).click();
      await page.getByRole('button', { name: 'Really rotate? dify' }).click();
      second = await shownKey(page);

      expect(second).not.toBe(first);
      await stage().ask('Hello?', second);
      await stage().ask('Hello?', first);
    });

    test('is revoked, which leaves the other one alone', async () => {
      const { page, complaints } = await stage().open('apps', { as: 'admin' });
      const old = page.getByRole('listitem').filter({ hasText: first.slice(0, 12) });

      await old.getByRole('button', { name: 'Revoke dify' }).click();
      await old.getByRole('button', { name: 'Really revoke? dify' }).click();
      await old.getByText('revoked', { exact: true }).waitFor();

      expect(await old.getByRole('button').count()).toBe(0);
      await stage().ask('Hello?', second);
      expect(complaints).toEqual([]);
    });
  });

  return () => {
    test('a revoked key is refused after a minute at the latest, the one in its place is not', async () => {
      await eventually(() => refused(first), REVOKED_WITHIN_MS);

      await stage().ask('Hello?', second);
    });
  };
}
