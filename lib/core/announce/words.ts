import { shownDollars } from '#core/cost/decimal-dollars.ts';
import type { Announcement, BudgetWarning, ReviewClosed, ReviewRequested } from './announcement.ts';

/** An announcement as a person reads it in a chat or a mail, one line each. */
export interface Words {
  readonly title: string;
  readonly text: string;
}

/** A name of a model or a rule must not become a link or a mention where chats read markup. */
const MARKUP = /[<>&"\\\p{Cc}\p{Zl}\p{Zp}]/gu;
const MAX_RULES = 5;

export function wordsOf(announcement: Announcement): Words {
  const { type, environment } = announcement;
  return { title: plain(`Keeptrusts ${environment}: ${type}`), text: plain(textOf(announcement)) };
}

function textOf(announcement: Announcement): string {
  if (announcement.type === 'Budget Warning') return warningText(announcement);
  if (announcement.type === 'Review Requested') return requestText(announcement);
  return closingText(announcement);
}

function warningText({ owner, percent, period, limit_micros, spent_micros }: BudgetWarning): string {
  // A call that found no room counts as 100 %, whatever is spent.
  const isFull = percent === 100 && spent_micros < limit_micros;
  const what = isFull ? 'has no room for a call' : `has reached ${percent} %`;
  return `The budget of ${owner} for ${period} ${what}: ${shownDollars(spent_micros)} of ${shownDollars(limit_micros)} spent.`;
}

function requestText(request: ReviewRequested): string {
  const { phase, app_id, model, rules, due_at, on_timeout, review_id } = request;
  const held = phase === 'input' ? `A request for ${model}` : `An answer of ${model}`;
  const more = rules.length > MAX_RULES ? ` and ${rules.length - MAX_RULES} more` : '';
  const why = rules.slice(0, MAX_RULES).join(', ') + more;
  const otherwise = on_timeout === 'release' ? 'released' : 'rejected';
  return `${held} for the app ${app_id} is held (${why || 'no rule named'}).${approvalsText(request)} Decide by ${due_at}, or it is ${otherwise}. Review ${review_id}.`;
}

function approvalsText({ approvals_needed, approvals }: ReviewRequested): string {
  return approvals_needed > 1 ? ` ${approvals} of ${approvals_needed} people have approved it.` : '';
}

function closingText({ phase, app_id, model, state, released, review_id }: ReviewClosed): string {
  const held = phase === 'input' ? `request for ${model}` : `answer of ${model}`;
  const end = released ? 'released' : 'not released';
  return `The held ${held} for the app ${app_id} is ${state} and ${end}. Review ${review_id}.`;
}

function plain(text: string): string {
  return text.replace(MARKUP, ' ');
}
