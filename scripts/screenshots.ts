import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { TOKENS } from '../test/console/console-bench.ts';
import { sampleStage } from '../test/console/sample-world.ts';
import { browserPath } from '../test/support/browser.ts';

/** Pictures of the console page with made-up data, for the docs: `docs/images/<page>-<look>.png`. */
const folder = resolve(import.meta.dirname, '../docs/images');
const MAX_BYTES = 150_000;

const LOOKS = {
  light: { colorScheme: 'light', viewport: { width: 1100, height: 720 } },
  dark: { colorScheme: 'dark', viewport: { width: 1100, height: 720 } },
  narrow: { colorScheme: 'light', viewport: { width: 390, height: 780 } },
} as const;

/** What is done on each page before its picture is taken. */
const PAGES: Record<string, (page: Page) => Promise<void>> = {
  overview: async () => {},
  events: (page) => page.getByRole('table').waitFor(),
  reviews: async (page) => {
    await page.getByRole('list', { name: 'Open reviews' }).getByRole('button').first().click();
    await page
      .getByLabel('Edited answer')
      .fill('Take one tablet a day with a meal. If the pain has not gone after three days, ask your doctor.');
  },
  spend: async () => {},
  apps: async () => {},
  policies: async (page) => {
    await page.getByRole('textbox', { name: 'Prompt' }).fill('Write to ada@example.com');
    await page.getByRole('button', { name: 'Try', exact: true }).click();
    await page.getByRole('region', { name: 'Result' }).waitFor();
  },
};

async function takeAll(): Promise<void> {
  if (!browserPath) throw new Error('No Chromium here: apt-get install chromium, or name one in CHROMIUM.');
  await mkdir(folder, { recursive: true });
  const stage = await sampleStage();
  try {
    for (const [look, options] of Object.entries(LOOKS)) {
      for (const [name, prepare] of Object.entries(PAGES)) {
        const page = await stage.browser.newPage({ ...options, timezoneId: 'UTC' });
        await page.addInitScript(`sessionStorage.setItem('keeptrusts.console-token', '${TOKENS.admin}')`);
        await page.goto(`${stage.url}/#/${name}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.getByRole('status').filter({ hasText: 'Loading' }).first().waitFor({ state: 'detached' });
        await prepare(page);
        await page.evaluate('document.activeElement?.blur(); scrollTo(0, 0)');
        await save(`${name}-${look}.png`, await picture(page));
        await page.close();
      }
    }
  } finally {
    await stage.close();
  }
}

/** The window without the empty part below the page. */
async function picture(page: Page): Promise<Buffer> {
  const size = page.viewportSize();
  const main = await page.locator('main').boundingBox();
  if (!size || !main) throw new Error('The page shows nothing.');
  const height = Math.min(size.height, Math.ceil(main.y + main.height));
  return page.screenshot({ clip: { x: 0, y: 0, width: size.width, height } });
}

async function save(file: string, png: Buffer): Promise<void> {
  if (png.length > MAX_BYTES) throw new Error(`${file} has ${png.length} bytes, ${MAX_BYTES} at most`);
  await writeFile(resolve(folder, file), png);
}

void takeAll();
