import { describe, expect, test } from '@jest/globals';
import type { Secrets } from '#core/ports.ts';

/** What every Secrets promises. `make` gives one that holds the values by name. */
export function secretsContract(
  name: string,
  make: (values: Record<string, string>) => Promise<Secrets>,
): void {
  describe(`secrets: ${name}`, () => {
    test('a secret is given by its name', async () => {
      const secrets = await make({ OPENAI_API_KEY: 'sk-first', OTHER_KEY: 'sk-other' });

      expect((await secrets.get('OPENAI_API_KEY')).reveal()).toBe('sk-first');
      expect((await secrets.get('OTHER_KEY')).reveal()).toBe('sk-other');
    });

    test('a secret can be asked for again', async () => {
      const secrets = await make({ OPENAI_API_KEY: 'sk-first' });
      await secrets.get('OPENAI_API_KEY');

      expect((await secrets.get('OPENAI_API_KEY', { refresh: true })).reveal()).toBe('sk-first');
    });

    test.each(['MISSING_KEY', '__proto__', 'constructor'])(
      'the failure for %s names the secret',
      async (missing) => {
        const secrets = await make({ OPENAI_API_KEY: 'sk-first' });

        await expect(secrets.get(missing)).rejects.toThrow(missing);
      },
    );

    test('a failure shows no value of another secret', async () => {
      const secrets = await make({ OPENAI_API_KEY: 'sk-first' });

      const failure = await secrets.get('MISSING_KEY').catch((error: unknown) => error);

      expect(String(failure)).not.toContain('sk-first');
    });
  });
}
