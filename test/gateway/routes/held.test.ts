import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ReviewCase } from '#core/review/case.ts';
import { reviewBench } from '../../review/memory-desk.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { json, says } from '../../support/upstream.ts';

/** A held answer on each route that gives text: the caller is told so, and the same request gets what was decided. */

const PACK = `
pack: { name: held, version: "1.0" }
providers: [{ name: openai, model: gpt-4o, secret_key_ref: { env: OPENAI_API_KEY } }]
policies: { chain: [human-oversight] }
policy: { human-oversight: { terms: [quarterly layoffs] } }
`;
const HELD = 'The quarterly layoffs begin soon.';

let gateway: TestGateway;
let held: ReviewCase | undefined;
beforeEach(async () => {
  held = undefined;
  const { desk, flow } = reviewBench().ports;
  const reviews = {
    ...desk,
    open: async (opened: ReviewCase) => {
      held = opened;
    },
    findByRequest: async (_app: string, hash: string) => (held?.requestHash === hash ? held : undefined),
  };
  gateway = await startGateway({ pack: PACK, ports: { reviews, flow } });
});
afterEach(() => gateway.close());

function release(text: string): void {
  if (!held) throw new Error('nothing is held');
  const at = new Date().toISOString();
  held = { ...held, state: 'edited', decision: { state: 'edited', by: 'rose', at, text } as never };
}

describe.each([
  ['/responses', { input: 'What is new?' }],
  ['/completions', { prompt: 'What is new?' }],
])('%s', (path, fields) => {
  test.each([false, true])(
    'holds an answer and gives the decided one to a repeat (stream: %s)',
    async (stream) => {
      gateway.upstream.answer(
        path === '/completions'
          ? (_call, response) => json(response, 200, { choices: [{ index: 0, text: HELD }] })
          : says(HELD),
      );
      const ask = async () => (await gateway.post({ model: 'gpt-4o', ...fields, stream }, {}, path)).text();

      const first = await ask();
      expect(first).toContain('waiting for a person');
      expect(first).not.toContain('layoffs');
      expect(held?.answer).toBe(HELD);

      release('Nothing is new.');
      const second = await ask();
      expect(second).toContain('Nothing is new.');
      expect(second).not.toContain('content_filter');
      expect(gateway.upstream.calls).toHaveLength(1);
    },
  );
});

test('a transcript is held, and given in the form that the repeat asks for', async () => {
  gateway.upstream.answer((_call, response) => json(response, 200, { text: HELD }));
  const ask = (response_format: string, audio = 'audio') => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ model: 'gpt-4o', response_format }))
      form.append(name, value);
    form.append('file', new Blob([audio]), 'a.mp3');
    const headers = { authorization: `Bearer ${gateway.apiKey}` };
    return fetch(`${gateway.url}/v1/audio/transcriptions`, { method: 'POST', headers, body: form });
  };

  const first = await ask('json');
  expect([first.status, await first.text()]).toEqual([400, expect.stringContaining('review_pending')]);
  expect(held?.answer).toBe(HELD);

  release('Nothing is new.');
  expect(await (await ask('json')).json()).toMatchObject({ text: 'Nothing is new.' });
  expect(await (await ask('text')).text()).toBe('Nothing is new.\n');
  // Another audio is another request.
  expect((await ask('json', 'other audio')).status).toBe(400);
});
