import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bedrockRuntime } from '#aws/bedrock-runtime.ts';
import { recorded } from '../providers/ask.ts';
import { type BedrockServer, json, startBedrock } from '../providers/bedrock-server.ts';
import { startGateway } from '../support/gateway.ts';

const ARN = 'arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/';
const MODEL = 'anthropic.claude-sonnet-4-5-20250929-v1:0';

let server: BedrockServer;
beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDTEST';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
  server = await startBedrock();
  server.answer((_call, response) => json(response, 200, recorded('bedrock/tools-answer.json')));
});
afterAll(() => server.close());

/** Calls as one app, and says which model the provider was asked for and what the event says. */
async function callAs(app: string) {
  const gateway = await startGateway({
    pack: `
pack: { name: profiles, version: "1" }
providers: [{ name: bedrock, model: claude, provider_model: "${MODEL}", region: eu-central-1, base_url: "${server.url}" }]
policies: { chain: [audit-logger] }
`,
    app: { id: app, name: app },
    ports: { bedrock: bedrockRuntime() },
    options: {
      profileOf: (id, target) => (id === 'late' ? undefined : `${ARN}${id}-${target.length}`),
    },
  });
  const answer = await gateway.post({ model: 'claude', messages: [{ role: 'user', content: 'hello' }] });
  expect(answer.status).toBe(200);
  const [event] = await gateway.stored(1);
  await gateway.close();
  return { asked: decodeURIComponent(server.calls.at(-1)?.path ?? ''), event };
}

test('two apps call the same model through a profile each, at the price of the model', async () => {
  const [one, two] = [await callAs('hr-bot'), await callAs('sales-bot')];

  expect(one.asked).toContain(`${ARN}hr-bot-`);
  expect(two.asked).toContain(`${ARN}sales-bot-`);
  expect(one.event?.cost.micros).toBeGreaterThan(0);
  expect(one.event?.cost.micros).toBe(two.event?.cost.micros);
});

test('an app without a profile calls the model itself', async () => {
  expect((await callAs('late')).asked).toContain(`/model/${MODEL}/`);
});
