import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { expect, test } from '@jest/globals';
import { secretsManagerSecrets } from '#aws/secrets-manager-secrets.ts';
import { freshCloud } from './cloud.ts';

async function bench(value: string) {
  const cloud = await freshCloud();
  const client = new SecretsManagerClient({ endpoint: cloud.endpoint, maxAttempts: 1 });
  const { ARN = '' } = await client.send(
    new CreateSecretCommand({ Name: 'kt/test/KEY', SecretString: value }),
  );
  const state = { now: Date.now() };
  const secrets = secretsManagerSecrets({ arns: { KEY: ARN }, client, clock: { now: () => state.now } });
  const rotate = (next: string) =>
    client.send(new PutSecretValueCommand({ SecretId: ARN, SecretString: next }));
  return { cloud, client, secrets, state, rotate, ARN };
}

test('a rotated key is taken up after five minutes by itself', async () => {
  const { secrets, state, rotate } = await bench('one');
  await secrets.get('KEY');
  await rotate('two');

  expect((await secrets.get('KEY')).reveal()).toBe('one');
  state.now += 5 * 60_000;
  expect((await secrets.get('KEY')).reveal()).toBe('two');
});

test('a rotated key is taken up at once when a provider refused the old one', async () => {
  const { secrets, state, rotate } = await bench('one');
  await secrets.get('KEY');
  await rotate('two');
  state.now += 30_000;

  expect((await secrets.get('KEY', { refresh: true })).reveal()).toBe('two');
});

test('providers that refuse again and again cause one question in thirty seconds', async () => {
  const { secrets, state, rotate } = await bench('one');
  await secrets.get('KEY');
  state.now += 30_000;
  await secrets.get('KEY', { refresh: true });
  await rotate('two');
  state.now += 29_999;

  expect((await secrets.get('KEY', { refresh: true })).reveal()).toBe('one');
});

test('a known key outlives Secrets Manager by a day', async () => {
  const { cloud, secrets, state } = await bench('one');
  await secrets.get('KEY');
  await cloud.stop();
  state.now += 24 * 60 * 60_000;

  expect((await secrets.get('KEY')).reveal()).toBe('one');
});

test('after more than a day without Secrets Manager the key is unavailable', async () => {
  const { cloud, secrets, state } = await bench('one');
  await secrets.get('KEY');
  await cloud.stop();
  state.now += 24 * 60 * 60_000 + 1;

  await expect(secrets.get('KEY')).rejects.toMatchObject({ code: 'credentials_unavailable' });
});

test('a key that was never read is unavailable while Secrets Manager is down', async () => {
  const { cloud, secrets } = await bench('one');
  await cloud.stop();

  await expect(secrets.get('KEY')).rejects.toMatchObject({
    code: 'credentials_unavailable',
    message: expect.stringContaining('"KEY"'),
  });
});

test('the line feed of a pasted key is no part of it', async () => {
  const { secrets } = await bench('sk-pasted\n');

  expect((await secrets.get('KEY')).reveal()).toBe('sk-pasted');
});

test('a secret without a value says what to do', async () => {
  const { secrets, client, ARN } = await bench(' ');
  expect((await client.send(new GetSecretValueCommand({ SecretId: ARN }))).SecretString).toBe(' ');

  await expect(secrets.get('KEY')).rejects.toThrow('put the key into Secrets Manager');
});
