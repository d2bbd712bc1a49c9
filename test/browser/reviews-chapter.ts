import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../support/stack.ts';
import { says } from '../support/upstream.ts';
import { HELD_TERM, type LiveStage } from './live-stage.ts';

const HELD = `The ${HELD_TERM} payment is 40,000 euros.`;
const EDITED = 'The payment is confidential.';
const PATIENCE_MS = 40_000;

/** What a client got, as it came over the wire. */
interface Waiting {
  readonly began: number;
  /** Of the official client. */
  readonly answer: Promise<{ id: string; text: string; finish: string | null | undefined; ms: number }>;
  heartbeats(): number;
}

/** The tests it returns are of the client that waits for long: other chapters can pass the time. */
export function reviewsChapter(stage: () => LiveStage): () => void {
  let patient: Waiting;

  describe('a held answer that a streaming client waits for', () => {
    beforeAll(async () => {
      stage().upstream.answer(says(HELD));
      patient = wait('How much is it?');
      await eventually(async () => {
        const { reviews } = await stage().api<{ reviews: unknown[] }>('/api/reviews?state=open');
        return reviews.length === 1 || undefined;
      });
    });
    afterAll(() => stage().upstream.answer(says('Hello from upstream.')));

    test.each([
      ['Approve', HELD, 'stop'],
      ['Reject', 'decided not to release', 'content_filter'],
    ])('%s: the client gets its answer while it waits', async (button, answer, finish) => {
      const client = wait(`How much is it? (${button})`);
      const { page, complaints } = await openHeld(2);

      await page.getByLabel(/Reason/).fill('looked at it');
      await page.getByRole('button', { name: button, exact: true }).click();

      const got = await client.answer;
      expect(got).toMatchObject({ finish, text: expect.stringContaining(answer) });
      if (finish !== 'stop') expect(got.text).not.toContain('40,000');
      expect(got.ms).toBeLessThan(PATIENCE_MS);
      await page.getByRole('article').waitFor({ state: 'detached' });
      expect(complaints).toEqual([]);
    });
  });

  return () => {
    test('edited after 40 s: the client that was kept alive gets the text of the reviewer', async () => {
      const { page, complaints } = await openHeld(1);
      await page.getByRole('button', { name: 'Claim' }).click();
      await page.getByText('Claimed by you until').waitFor();
      await page.getByLabel(/Reason/).fill('not for everybody');
      await page.getByLabel('Edited answer').fill(EDITED);
      await page.waitForTimeout(Math.max(0, patient.began + PATIENCE_MS - performance.now()));
      expect(patient.heartbeats()).toBeGreaterThanOrEqual(2);

      const decided = performance.now();
      await page.getByRole('button', { name: 'Serve edited' }).click();

      const got = await patient.answer;
      expect(got).toMatchObject({ text: EDITED, finish: 'stop' });
      expect(got.ms).toBeGreaterThan(PATIENCE_MS);
      expect(performance.now() - decided).toBeLessThan(10_000);
      await page.getByText('Nothing to review').waitFor();
      expect(complaints).toEqual([]);
    });

    test('is told on Events with the name of the reviewer and the reason', async () => {
      const { id } = await patient.answer;
      const { page } = await stage().open(`events?request=${id}`, { as: 'viewer' });

      await page.getByRole('dialog').getByText('review.decided').waitFor({ timeout: 10_000 });
      expect(await page.getByRole('dialog').textContent()).toMatch(/reviewer@local: .*not for everybody/);
    });
  };

  /** Streams with the official client, counting the comments that only the wire shows. */
  function wait(content: string): Waiting {
    const began = performance.now();
    let heartbeats = 0;
    const counted: Promise<void>[] = [];
    const count = async (body: ReadableStream<Uint8Array>) => {
      for await (const text of body.pipeThrough(new TextDecoderStream()))
        heartbeats += text.match(/^: keep-alive$/gm)?.length ?? 0;
    };
    const counting: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      const [own, copy] = response.body?.tee() ?? [];
      if (copy) counted.push(count(copy));
      return new Response(own ?? null, response);
    };
    const read = async () => {
      const { data, response } = await stage()
        .client(undefined, { fetch: counting })
        .chat.completions.create({ model: 'gpt-4o', stream: true, messages: [{ role: 'user', content }] })
        .withResponse();
      let text = '';
      let finish: string | null | undefined;
      for await (const { choices } of data) {
        text += choices[0]?.delta.content ?? '';
        finish = choices[0]?.finish_reason ?? finish;
      }
      await Promise.all(counted);
      const id = response.headers.get('x-request-id') ?? '';
      return { id, text, finish, ms: performance.now() - began };
    };
    return { began, answer: read(), heartbeats: () => heartbeats };
  }

  /** The newest is due last, so it is the last of the queue. */
  async function openHeld(held: number): Promise<{ page: Page; complaints: readonly string[] }> {
    const opened = await stage().open('reviews', { as: 'reviewer' });
    const queue = opened.page.getByRole('list', { name: 'Open reviews' }).getByRole('button');
    await queue.nth(held - 1).waitFor({ timeout: 10_000 });
    await queue.last().click();
    await opened.page.getByText(HELD).first().waitFor();
    return opened;
  }
}
