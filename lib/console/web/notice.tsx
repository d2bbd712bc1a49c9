import type { ComponentChildren } from 'preact';
import type { ApiError } from './api.ts';

export function Loading({ what }: { what: string }) {
  return (
    <p class="notice" role="status">
      Loading {what}…
    </p>
  );
}

export function Empty({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="notice">
      <strong>{title}</strong>
      <p>{children}</p>
    </div>
  );
}

/** A failed read: a missing permission says which role is needed, anything else offers another try. */
export function Failure({ error, onRetry }: { error: ApiError; onRetry: () => void }) {
  const forbidden = error.status === 403;
  return (
    <div class="notice problem" role="alert">
      <strong>{forbidden ? 'You may not see this' : 'This did not work'}</strong>
      <p>{error.message}</p>
      {!forbidden && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Shown above data that is older than it looks. */
export function Stale({ error }: { error: ApiError }) {
  return (
    <p class="stale" role="status">
      Not up to date: {error.message}
    </p>
  );
}
