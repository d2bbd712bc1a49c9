import { afterAll, afterEach, beforeAll, jest } from '@jest/globals';
import { describeInBrowser } from '../support/browser.ts';
import { callsChapter } from './calls-chapter.ts';
import { type LiveStage, liveStage } from './live-stage.ts';
import { reviewsChapter } from './reviews-chapter.ts';
import { signInChapter } from './sign-in-chapter.ts';

jest.setTimeout(120_000);

/** One booted stack for all chapters: each takes the state that the one before left. */
describeInBrowser('the console of the running stack', () => {
  let stage: LiveStage;
  const now = () => stage;
  beforeAll(async () => {
    stage = await liveStage();
  });
  afterEach(async () => {
    for (const context of stage.browser.contexts()) await context.close();
  });
  afterAll(() => stage?.close());

  signInChapter(now);
  callsChapter(now);
  reviewsChapter(now);
});
