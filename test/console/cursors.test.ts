import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { consoleBench, TOKENS } from './console-bench.ts';

interface Use {
  readonly token: string;
  readonly path: string;
}

const TOKENS_OF_PEOPLE = [TOKENS.viewer, TOKENS.reviewer, TOKENS.admin];
const PATHS = ['', '&app=support', '&app=sales', '&verdict=blocked', '&to=2026-11-23T11:30:00Z'].flatMap(
  (filters) => [
    `/api/events?from=2026-11-23T00:00:00Z${filters}`,
    `/api/exports?format=csv&from=2026-11-23T00:00:00Z${filters}`,
    `/api/exports?format=jsonl&from=2026-11-23T00:00:00Z${filters}`,
  ],
);
const use = fc.record({ token: fc.constantFrom(...TOKENS_OF_PEOPLE), path: fc.constantFrom(...PATHS) });

/** The console, and the cursor that somebody got for something. The clock ends a part of an export after one read. */
function bench() {
  const tick = { now: Date.parse('2026-11-23T12:00:00Z') };
  const console = consoleBench({
    clock: {
      now() {
        tick.now += 12_000;
        return tick.now;
      },
    },
  });
  async function cursorOf({ token, path }: Use): Promise<string> {
    const response = await console.send(path, { token });
    const text = await response.text();
    return response.headers.get('x-keeptrusts-next') ?? (JSON.parse(text) as { next: string }).next;
  }
  const send = ({ token, path }: Use, cursor: string) =>
    console.send(`${path}&cursor=${encodeURIComponent(cursor)}`, { token });
  return { ...console, cursorOf, send };
}

test('a cursor serves the person, the route and the filters it was made for and nobody and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(use, use, async (made, used) => {
      const { cursorOf, send, filters } = bench();
      const cursor = await cursorOf(made);
      filters.length = 0;

      const response = await send(used, cursor);

      const same = made.token === used.token && made.path === used.path;
      expect(response.status).toBe(same ? 200 : 400);
      expect(filters.map((filter) => filter.cursor)).toEqual(same ? ['more'] : []);
      if (!same)
        expect(await response.json()).toMatchObject({
          error: { message: expect.stringMatching(/^cursor: /) },
        });
    }),
    { numRuns: 1000 },
  );
}, 60_000);

test('no changed character of a cursor goes unseen', async () => {
  const { cursorOf, send, filters } = bench();
  const asked = { token: TOKENS.viewer, path: PATHS[1] ?? '' };
  const cursor = await cursorOf(asked);
  filters.length = 0;

  for (let at = 0; at < cursor.length; at += 1) {
    for (const letter of ['A', 'B', '_', '.', '~']) {
      const forged = cursor.slice(0, at) + letter + cursor.slice(at + 1);
      if (forged !== cursor) expect([forged, (await send(asked, forged)).status]).toEqual([forged, 400]);
    }
    expect((await send(asked, cursor.slice(0, at) + cursor.slice(at + 1))).status).toBe(400);
  }
  expect(filters).toEqual([]);
});

test('the parts of one export are events of one request', async () => {
  const { cursorOf, send, events } = bench();
  const asked = { token: TOKENS.viewer, path: PATHS[1] ?? '' };

  await send(asked, await cursorOf(asked));

  expect(events.map((event) => event.export?.complete)).toEqual([false, true]);
  expect(new Set(events.map((event) => event.request_id)).size).toBe(1);
});
