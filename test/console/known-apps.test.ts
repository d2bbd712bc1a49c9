import { expect, test } from '@jest/globals';
import { knownApps } from '../../lib/console/known-apps.ts';

const declared = [{ id: 'support', name: 'Support', cost_center: 'cc-1', models: ['gpt-4o'] }];

test('apps of the deployment are known before anything is stored', async () => {
  expect(await knownApps(declared, async () => [])).toEqual([
    { id: 'support', name: 'Support', costCenter: 'cc-1', models: ['gpt-4o'] },
  ]);
});

test('an app that was stored later replaces its declaration', async () => {
  const stored = [
    { id: 'support', name: 'Support desk' },
    { id: 'claims', name: 'Claims' },
  ];

  const apps = await knownApps(declared, async () => stored);

  expect(apps.map(({ name }) => name)).toEqual(['Claims', 'Support desk']);
});
