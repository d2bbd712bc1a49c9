import { useCallback, useState } from 'preact/hooks';
import type { MeView, ReviewSummary } from '../views.ts';
import type { Api } from './api.ts';
import { Empty, Failure, Loading, Stale } from './notice.tsx';
import { ReviewCard } from './review-card.tsx';
import { usePoll } from './use-poll.ts';
import { Visible } from './visible.tsx';
import { clockTime, distance } from './wording.ts';

const RHYTHM = 2_000;

interface ReviewList {
  readonly reviews: readonly ReviewSummary[];
  /** False: there are more, due later. */
  readonly complete: boolean;
  readonly as_of: string;
}

/** Answers that wait for a person, the most urgent first. */
export function ReviewsPage({ api, me }: { api: Api; me: MeView }) {
  const [open, setOpen] = useState<string>();
  const load = useCallback((signal: AbortSignal) => undecided(api, signal), [api]);
  const { data, error, again } = usePoll(load, RHYTHM);
  const closed = () => {
    setOpen(undefined);
    again();
  };

  if (!data) return error ? <Failure error={error} onRetry={again} /> : <Loading what="reviews" />;
  return (
    <div class="reviews">
      <h1>Reviews</h1>
      {error && <Stale error={error} />}
      <Queue list={data} open={open} onOpen={setOpen} />
      {open && (
        <ReviewCard
          key={open}
          api={api}
          me={me}
          id={open}
          claim={data.reviews.find(({ id }) => id === open)?.claim}
          onClaim={again}
          onClose={closed}
        />
      )}
    </div>
  );
}

/** Open and claimed ones. A case that is claimed between the two answers is in both. */
async function undecided(api: Api, signal: AbortSignal): Promise<ReviewList> {
  const ask = (state: string) => api.get<ReviewList>(`/api/reviews?state=${state}`, signal);
  const open = await ask('open');
  const claimed = await ask('claimed');
  const byId = new Map([...open.reviews, ...claimed.reviews].map((review) => [review.id, review]));
  const reviews = [...byId.values()].sort((a, b) => (a.due_at < b.due_at ? -1 : 1));
  return { reviews, complete: open.complete && claimed.complete, as_of: claimed.as_of };
}

interface QueueProps {
  list: ReviewList;
  open: string | undefined;
  onOpen: (id: string) => void;
}

function Queue({ list, open, onOpen }: QueueProps) {
  const now = Date.parse(list.as_of);
  if (!list.reviews.length)
    return (
      <Empty title="Nothing to review">
        A request or an answer that a policy escalates waits here for a decision.
      </Empty>
    );
  return (
    <div>
      <ul class="queue" aria-label="Open reviews">
        {list.reviews.map((review) => (
          <li key={review.id}>
            <button type="button" aria-pressed={review.id === open} onClick={() => onOpen(review.id)}>
              <strong>
                <Visible text={review.app_id} />
              </strong>{' '}
              <Visible text={review.model} /> · {review.phase === 'input' ? 'request' : 'answer'}
              <small>
                due {distance(review.due_at, now)} · then {review.on_timeout}
              </small>
              {review.claim && (
                <small>
                  claimed by <Visible text={review.claim.by} /> until {clockTime(review.claim.until)}
                </small>
              )}
              {review.approvals_needed > 1 && (
                <small>
                  {review.approvals.length} of {review.approvals_needed} approvals
                </small>
              )}
              <small>
                <Visible text={review.rules.join(', ')} />
              </small>
            </button>
          </li>
        ))}
      </ul>
      {!list.complete && <p class="hint">Only the most urgent ones; more are waiting behind them.</p>}
    </div>
  );
}
