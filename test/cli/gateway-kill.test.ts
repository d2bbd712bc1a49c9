import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { gatewayProcess, journalIn, killGateways } from './gateway-process.ts';
import { startUpstream, type Upstream } from './upstream.ts';

/** `KT_KILL_ROUNDS=50 npm test -- test/cli/gateway-kill` is the campaign; every run of the tests has a few. */
const ROUNDS = Number(process.env['KT_KILL_ROUNDS'] ?? 4);
/** Callers that ask one after the other until the gateway is gone. */
const CALLERS = 12;
const KEY = 'sk-kill-test-1234567890';
const PACK = `pack: { name: p, version: "1" }
providers: [{ name: openai, model: gpt-4o, secret_key_ref: { env: OPENAI_API_KEY } }]
policies: { chain: [pii-detector] }
`;

let cwd: string;
let upstream: Upstream;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'kt-kill-'));
  await writeFile(join(cwd, 'policy-config.yaml'), PACK);
  upstream = await startUpstream();
});
afterEach(async () => {
  killGateways();
  await upstream.close();
  await rm(cwd, { recursive: true, force: true });
});

test.each([1, 2])(
  `kill -9 under load, ${ROUNDS} times with %d worker(s): every answered call has exactly one event`,
  async (workers) => {
    const answered: string[] = [];
    let cut = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const result = await killedRound(workers, 20 + ((round * 37) % 180));
      answered.push(...result.answered);
      cut += result.cut;
    }
    const { intents, events } = await journalIn(cwd);
    const perCall = Map.groupBy(events, ({ request_id }) => request_id);
    const lost = answered.filter((id) => !perCall.has(id));
    const twice = [...perCall].filter(([, list]) => list.length > 1);
    if (process.env['KT_KILL_ROUNDS'])
      process.stdout.write(
        `kill -9 with ${workers} worker(s): ${ROUNDS} rounds, ${answered.length} calls answered, ${cut} cut off, ${lost.length} events lost, ${twice.length} twice, ${intents.length} intents for ${upstream.heard.length} provider calls\n`,
      );

    expect(answered.length).toBeGreaterThan(ROUNDS * 10);
    expect(cut).toBeGreaterThan(0);
    expect(lost).toEqual([]);
    expect(twice).toEqual([]);
    expect(intents.length).toBeGreaterThanOrEqual(upstream.heard.length);
  },
  60_000 + ROUNDS * 6000,
);

/** One life of a gateway: it is killed after so many answers, with calls under way. */
async function killedRound(workers: number, after: number): Promise<{ answered: string[]; cut: number }> {
  const argv = workers > 1 ? ['--workers', String(workers)] : [];
  const gateway = await gatewayProcess(cwd, argv, { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: upstream.url });
  const answered: string[] = [];
  let killed: Promise<void> | undefined;
  let cut = 0;
  async function caller(): Promise<void> {
    for (;;) {
      const id = await ask(gateway.url).catch(() => undefined);
      if (id === undefined) {
        cut += 1;
        return;
      }
      answered.push(id);
      if (answered.length >= after) killed ??= gateway.kill();
    }
  }
  await Promise.all(Array.from({ length: CALLERS }, caller));
  await killed;
  return { answered, cut };
}

/** The id of a call whose whole answer arrived: it is acknowledged, so its event must not be lost. */
async function ask(url: string): Promise<string> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }] }),
  });
  const body = (await response.json()) as { choices?: unknown[] };
  const id = response.headers.get('x-request-id');
  if (response.status !== 200 || !body.choices || !id) throw new Error(`status ${response.status}`);
  return id;
}
