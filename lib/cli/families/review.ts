import { addReviewClaim } from '../commands/review-claim.ts';
import { addReviewDecide } from '../commands/review-decide.ts';
import { addReviewList } from '../commands/review-list.ts';
import { addReviewShow } from '../commands/review-show.ts';
import type { Family } from './family.ts';

/** `kt review …` */
export const reviewFamily: Family = (program, terminal) => {
  const review = program.command('review').description('decide held requests and answers');
  addReviewList(review, terminal);
  addReviewShow(review, terminal);
  addReviewClaim(review, terminal);
  addReviewDecide(review, terminal);
};
