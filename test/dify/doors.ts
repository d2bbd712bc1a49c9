import { describe, test } from '@jest/globals';
import { type Credentials, difyPlugin, type Plugin } from '../support/dify-plugin.ts';
import { startGateway, type TestGateway, type TestOptions } from '../support/gateway.ts';

/** What one case works with: a gateway of its own behind one door, and Dify's plugin with a key of it. */
interface Stage {
  readonly gateway: TestGateway;
  readonly dify: Plugin;
  readonly door: Door;
  /** The plugin with other values in its form. */
  as(credentials: Partial<Credentials>): Plugin;
}

type Door = 'http' | 'function';
const DOORS: readonly { readonly door: Door; readonly name: string }[] = [
  { door: 'http', name: 'kt gateway run' },
  { door: 'function', name: 'function URL' },
];

/** One of the 80 cases of research/dify-client.md §13, on both doors. */
export function difyCase(
  number: number,
  promise: string,
  play: (stage: Stage) => Promise<void>,
  options: TestOptions | (() => TestOptions) = {},
): void {
  describe(`${number} · ${promise}`, () => {
    test.each(DOORS)('$name', async ({ door }) => {
      const given = typeof options === 'function' ? options() : options;
      const gateway = await startGateway({ ...given, door });
      const as = (credentials: Partial<Credentials>) =>
        difyPlugin({ endpoint_url: `${gateway.url}/v1`, api_key: gateway.apiKey, ...credentials });
      try {
        await play({ gateway, dify: as({}), door, as });
      } finally {
        await gateway.close();
      }
    });
  });
}
