import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readDeployment } from '#env/read-deployment.ts';

const deployment = {
  environment: 'test',
  version: '0.1.0',
  pack: { name: 'dify', hash: 'f', chain: [], targets: [], message: 'no' },
  apps: [{ id: 'default', name: 'Default', cost_center: 'cc', dedicated: false }],
  retentionDays: 400,
  prices: { version: 'p', models: {} },
  costTags: { owner: 'ai' },
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kt-deployment-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the file beside the bundle is read, every field of it', () => {
  writeFileSync(join(folder, 'deployment.json'), JSON.stringify(deployment));

  expect(readDeployment({ LAMBDA_TASK_ROOT: folder })).toEqual(deployment);
});

test('DEPLOYMENT_FILE names another file, relative to the bundle or absolute', () => {
  writeFileSync(join(folder, 'other.json'), JSON.stringify(deployment));

  expect(readDeployment({ LAMBDA_TASK_ROOT: folder, DEPLOYMENT_FILE: 'other.json' })).toEqual(deployment);
  expect(readDeployment({ LAMBDA_TASK_ROOT: '/', DEPLOYMENT_FILE: join(folder, 'other.json') })).toEqual(
    deployment,
  );
});

test('a missing file is named with what makes it', () => {
  expect(() => readDeployment({ LAMBDA_TASK_ROOT: folder })).toThrow(
    /deployment\.json cannot be read.*cdk synth/,
  );
});

test('a file that is no deployment says what is wrong', () => {
  writeFileSync(
    join(folder, 'deployment.json'),
    JSON.stringify({ ...deployment, retentionDays: '400', pack: {} }),
  );

  expect(() => readDeployment({ LAMBDA_TASK_ROOT: folder })).toThrow(/pack\.hash: .*retentionDays: /);
});
