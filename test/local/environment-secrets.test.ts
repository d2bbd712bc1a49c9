import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { environmentSecrets } from '#local/environment-secrets.ts';
import { tenantKey } from '#local/tenant-key.ts';

describe('secrets from the environment', () => {
  test('are read by their name', async () => {
    const secrets = environmentSecrets({ OPENAI_API_KEY: ' sk-1\n', OPENAI_MAIN: 'sk-2' });

    expect((await secrets.get('OPENAI_API_KEY')).reveal()).toBe('sk-1');
    expect((await secrets.get('openai/main')).reveal()).toBe('sk-2');
  });

  test.each([{}, { OPENAI_API_KEY: '' }, { OPENAI_API_KEY: '  ' }])(
    'that are missing name the variable',
    async (env) => {
      await expect(environmentSecrets(env).get('OPENAI_API_KEY')).rejects.toMatchObject({
        code: 'credentials_unavailable',
        message: expect.stringContaining('OPENAI_API_KEY'),
      });
    },
  );
});

describe('the tenant key', () => {
  test('is made once and kept', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kt-tenant-'));
    const path = join(directory, 'new/tenant-key');
    const keys = await Promise.all([tenantKey(path), tenantKey(path), tenantKey(path)]);

    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(await readFile(path, 'utf8')).toBe(`${keys[0]}\n`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);

    await writeFile(path, 'damaged');
    await expect(tenantKey(path)).rejects.toThrow('does not hold a tenant key');
    await rm(directory, { recursive: true });
  });
});
