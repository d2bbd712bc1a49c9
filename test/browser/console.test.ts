import { afterAll, afterEach, beforeAll, jest } from '@jest/globals';
import { describeInBrowser } from '../support/describe-in-browser.ts';
import { callsChapter } from './calls-chapter.ts';
import { hostileChapter } from './hostile-chapter.ts';
import { keysChapter } from './keys-chapter.ts';
import { type LiveStage, liveStage } from './live-stage.ts';
import { moneyChapter } from './money-chapter.ts';
import { policiesChapter } from './policies-chapter.ts';
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
  const later = [keysChapter(now), reviewsChapter(now)];
  policiesChapter(now);
  moneyChapter(now);
  hostileChapter(now);
  for (const tests of later.toReversed()) tests();
});
