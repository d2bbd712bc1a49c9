import { describe } from '@jest/globals';
import { browserPath } from './browser.ts';

/** `describe`, where there is a browser; elsewhere one line says what did not run. */
export function describeInBrowser(name: string, body: () => void): void {
  if (!browserPath) process.stderr.write(`${name}: skipped, no Chromium here (apt-get install chromium)\n`);
  (browserPath ? describe : describe.skip)(name, body);
}
