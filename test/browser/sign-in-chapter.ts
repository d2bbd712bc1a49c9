import { describe, expect, test } from '@jest/globals';
import type { LiveStage } from './live-stage.ts';

export function signInChapter(stage: () => LiveStage): void {
  const KEPT = "sessionStorage.getItem('keeptrusts.console-token')";

  describe('an account of the issuer', () => {
    async function signedIn(view: string) {
      const opened = await stage().open(view);
      await opened.page.getByRole('button', { name: 'Sign in with your account' }).click();
      await opened.page.getByRole('link', { name: 'reviewer@local' }).click();
      await opened.page.getByText('reviewer@local · reviewer').waitFor();
      return opened;
    }

    test('opens the view that was asked for, and leaves no code in the address', async () => {
      const { page, complaints } = await signedIn('events?verdict=blocked');

      expect(page.url()).toBe(`${stage().origin}/#/events?verdict=blocked`);
      expect(await page.evaluate(KEPT)).toMatch(/^eyJ/);
      expect(complaints).toEqual([]);
    });

    test('is signed out here, at the issuer, and after a reload', async () => {
      const { page, complaints } = await signedIn('events');
      const left = page.waitForRequest((request) => request.url().startsWith(`${stage().issuer}/logout`));

      await page.getByRole('button', { name: 'Sign out' }).click();
      await left;
      await page.getByRole('button', { name: 'Sign in with your account' }).waitFor();
      expect(await page.evaluate(KEPT)).toBe(null);
      await page.reload();

      await page.getByRole('button', { name: 'Sign in with your account' }).waitFor();
      expect(complaints).toEqual([]);
    });

    test('is not signed in by an answer that another tab asked for', async () => {
      const { page } = await stage().open('events');

      await page.goto(`${stage().origin}/?code=stolen&state=another#/events`);

      await page.getByRole('alert').getByText('not begun in this tab').waitFor();
      expect(await page.evaluate(KEPT)).toBe(null);
    });
  });
}
