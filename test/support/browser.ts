import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Browser, chromium, type Page } from 'playwright-core';

const KNOWN = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A browser of this machine, if there is one. */
export const browserPath = KNOWN.find((path) => path !== undefined && existsSync(path));

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath ?? '',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}

/**
 * What the page should not have done, as it happens: errors and violations of its CSP, uncaught exceptions, dialogs, and
 * requests to other origins than `origins`. Refusals of the API (4xx) are part of the page's life.
 */
export function watched(page: Page, origins: readonly string[]): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('status of 4'))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!/^(data|blob):/.test(url) && !origins.includes(new URL(url).origin))
      complaints.push(`request to ${url}`);
  });
  return complaints;
}

/** Violations that axe finds, each with the first element that has it. */
export async function axeViolations(page: Page): Promise<string[]> {
  // What a debugger evaluates is not subject to the page's CSP, so the page is checked as it is served.
  await page.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'));
  return page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html].join(" ")))',
  );
}

/** Presses a button that hands the browser a file; resolves with what is in it. */
export async function savedBy(page: Page, button: string): Promise<string> {
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  return readFile(await (await waiting).path(), 'utf8');
}

const FIRST_ROW = `window.rowsAt = new Promise((painted) => new MutationObserver((_, observer) => {
  if (!document.querySelector('tbody tr')) return;
  observer.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => painted(performance.now())));
}).observe(document, { childList: true, subtree: true }))`;

/** From before the page's own script runs: two frames after its first row is there, that is painted. */
export function watchRows(page: Page): Promise<unknown> {
  return page.addInitScript(FIRST_ROW);
}

/** Milliseconds from the navigation, by the page's own clock. */
export function rowsPainted(page: Page): Promise<number> {
  return page.evaluate('window.rowsAt');
}
